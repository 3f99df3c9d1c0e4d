import { Client } from 'pg';
import { createCatalogWriter, type StoringPredictor } from '../../src/catalog';
import { importMaterials } from '../../src/catalog/import';
import type { Database } from '../../src/data';
import { catalogueCsv } from '../bench/catalogue-rows';

/** Stands for a model whose predictions of band gaps are all in the database. */
export const STORED_MODEL = {
  model: { id: 'stored@1.0.0', sha256: '0'.repeat(64) },
  storedAs: () => ({ variant: '', perFormulaUnit: false }),
} as unknown as StoringPredictor;

/**
 * Fills the catalogue with generated materials and a stored band gap of each composition.
 * @param copies of each material, under another source: polymorphs, which a test has sooner than an import
 */
export async function fillCatalogue(
  database: Database,
  rows: number,
  { copies = 0, onProgress }: { readonly copies?: number; readonly onProgress?: (rows: number) => void } = {},
): Promise<void> {
  const { model } = STORED_MODEL;
  const result = await importMaterials(createCatalogWriter(database), {
    format: 'CSV',
    content: catalogueCsv(rows),
    source: { name: 'generated' },
    onProgress,
  });
  if (!result.imported) throw new Error(result.errors[0]!.message);
  // A connection of its own: what fills a million rows takes longer than a statement of the server may.
  const sql = new Client({ connectionString: database.url });
  await sql.connect();
  if (copies > 0) {
    await sql.query(`
      INSERT INTO sources (id, name) VALUES (gen_random_uuid(), 'copies');
      INSERT INTO materials (id, source_id, external_id, composition_id, formula, amounts, atoms, elements, element_count,
        anonymous_formula, chemical_system, space_group_number, density)
      SELECT gen_random_uuid(), s.id, n || ' of ' || external_id, composition_id, formula, amounts, atoms, elements, element_count,
        anonymous_formula, chemical_system, space_group_number, density + n / 100.0
      FROM materials CROSS JOIN generate_series(1, ${copies}) AS n CROSS JOIN sources s WHERE s.name = 'copies';
      INSERT INTO measured_values (material_id, property, value)
      SELECT m.id, v.property, v.value FROM measured_values v JOIN materials o ON o.id = v.material_id
      JOIN materials m ON m.composition_id = o.composition_id AND m.id <> o.id ON CONFLICT DO NOTHING;`);
  }
  await database.predictions.registerModel(model.id, model.sha256);
  await sql.query(
    `INSERT INTO predictions (composition_key, property, variant, model_id, answer, value, standard_deviation, computed_at)
     SELECT key, 'BAND_GAP', '', $1, '', 8 * power((hashtext(key) & 65535) / 65536.0, 2), 0, now() FROM compositions`,
    [model.id],
  );
  await sql.query('ANALYZE');
  await sql.end();
}
