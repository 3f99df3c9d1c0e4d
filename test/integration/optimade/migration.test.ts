import { Client } from 'pg';
import { createCatalogWriter } from '../../../src/catalog';
import { seedCatalogue } from '../../../src/catalog/seed';
import { readMigrations } from '../../../src/data/migrations';
import { createTestDatabase } from '../../support/database';
import { materials, SOURCE } from '../../support/materials';

it('the migration fills its columns with what the code computes', async () => {
  const test = await createTestDatabase();
  const sql = new Client({ connectionString: test.url });
  try {
    await sql.connect();
    await seedCatalogue(test.database);
    await createCatalogWriter(test.database).upsertMaterials(
      SOURCE,
      materials(
        'In0.7Ga0.3As Sr0.15La1.85CuO4 Fe0.95O Fe0.62C0.000953 YBa2Cu3O6.9 C60 Zr41.2Ti13.8Cu12.5Ni10Be22.5 La0.333333Sr0.666667MnO3',
      ),
    );
    const contents = async () => [
      (await sql.query('SELECT id, whole_formula, whole_anonymous_formula FROM compositions ORDER BY id')).rows,
      (await sql.query('SELECT id, site_count, disordered FROM materials ORDER BY id')).rows,
    ];
    const computed = await contents();
    const migration = (await readMigrations()).find(({ name }) => name.endsWith('_optimade'))!;
    const backfill =
      /CREATE FUNCTION[^]*(?=ALTER TABLE "compositions" ALTER)|UPDATE "materials" m SET "site_count"[^;]*;/g;
    const statements = migration.sql.match(backfill)!;
    expect(statements).toHaveLength(2);
    await sql.query(`UPDATE compositions SET whole_formula = '', whole_anonymous_formula = '';
      UPDATE materials SET site_count = NULL, disordered = FALSE`);
    for (const statement of statements) await sql.query(statement);
    expect(await contents()).toEqual(computed);
  } finally {
    await sql.end();
    await test.drop();
  }
});
