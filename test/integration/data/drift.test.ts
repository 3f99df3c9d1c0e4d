import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

it('the migrations make exactly what prisma/schema.prisma says (npm run db:drift)', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', 'prisma/tools/drift.ts']);
  expect(stdout).toContain('agree');
});
