import { diffMigrationsToSchema } from './engine';

/** `npm run db:drift`: do the migrations make what schema.prisma says? Exit code 2 if not. */
async function main(): Promise<void> {
  const { exitCode, stdout } = await diffMigrationsToSchema('summary');
  if (exitCode === 0) console.log('The migrations and prisma/schema.prisma agree.');
  else
    console.error(
      `prisma/schema.prisma differs from the migrations:\n${stdout}\nnpm run db:migration -- <name> writes one.`,
    );
  process.exitCode = exitCode;
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
