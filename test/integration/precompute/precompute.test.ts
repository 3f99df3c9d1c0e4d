import { setTimeout as sleep } from 'node:timers/promises';
import { createCatalogWriter, predictedColumn, type StoringPredictor } from '../../../src/catalog';
import { parseFormula } from '../../../src/chemistry';
import { createPredictor, type DarwinPredictor } from '../../../src/darwin';
import { silentLog, type Database } from '../../../src/data';
import { BeagleError, type PredictOptions, type PropertyKey } from '../../../src/domain';
import { startPrecomputing } from '../../../src/precompute';
import { createTestDatabase, type TestDatabase } from '../../support/database';
import { material, materials, SOURCE } from '../../support/materials';
import { TINY_MODEL } from '../../support/real-server';

jest.setTimeout(180_000);

let test: TestDatabase;
let database: Database;
let predictor: DarwinPredictor;
const running: { stop(): Promise<void> }[] = [];

beforeEach(async () => {
  test = await createTestDatabase({ poolSize: 8 });
  database = test.database;
  predictor = await createPredictor({ folder: TINY_MODEL, device: 'cpu', workers: 1, store: database.predictions });
  await database.predictions.registerModel(predictor.model.id, predictor.model.sha256);
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((one) => one.stop()));
  await predictor.close();
  await test.drop();
});

const importFormulas = (formulas: string) => createCatalogWriter(database).upsertMaterials(SOURCE, materials(formulas));

async function start(properties: readonly PropertyKey[] | 'asked' = ['BAND_GAP'], by: StoringPredictor = predictor) {
  const worker = await startPrecomputing({ database, predictor: by, properties, log: silentLog });
  running.push(worker);
  return worker;
}

const missing = (property: PropertyKey = 'BAND_GAP', by: StoringPredictor = predictor) =>
  database.catalogue.countMaterialsWithoutPrediction(predictedColumn(by, property)!);

async function until(holds: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 1_200; tries++, await sleep(100)) if (await holds()) return;
  throw new Error('it did not come to that within two minutes');
}

/** The predictor, with every call of it written down, and with changes. */
function watched(changes: Partial<StoringPredictor> = {}) {
  const calls: { formulas: string[]; options: PredictOptions }[] = [];
  const by: StoringPredictor = {
    model: predictor.model,
    storedAs: (property) => predictor.storedAs(property),
    flush: () => predictor.flush(),
    ...changes,
    predict: (requests, options = {}) => {
      calls.push({ formulas: requests.map(({ composition }) => composition.formula), options });
      return (changes.predict ?? predictor.predict.bind(predictor))(requests, options);
    },
  };
  return { by, calls, formulas: () => calls.flatMap(({ formulas }) => formulas) };
}

describe('predictions of the catalogue in the background', () => {
  it('are made of what is there, and of what is imported while the server runs', async () => {
    await importFormulas('GaAs Si ZnO');
    await start();
    await until(async () => (await missing()) === 0);
    await importFormulas('MgO GaN');
    expect(await missing()).toBe(2);
    await until(async () => (await missing()) === 0);
  });

  it('go behind the questions of people, and are asked of the model once', async () => {
    const { by, calls, formulas } = watched();
    await importFormulas('GaAs Si Si ZnO');
    await start(['BAND_GAP'], by);
    await until(async () => (await missing()) === 0);
    await importFormulas('GaAs MgO');
    await until(async () => (await missing()) === 0);
    expect(formulas().sort()).toEqual(['GaAs', 'MgO', 'Si', 'ZnO']);
    for (const { options } of calls) expect(options.priority).toBe('campaign');
  });

  it('follow a material whose composition changes', async () => {
    await createCatalogWriter(database).upsertMaterials(SOURCE, [
      material('Si', { externalId: 'one' }),
      material('Ge'),
    ]);
    await start();
    await until(async () => (await missing()) === 0);
    await createCatalogWriter(database).upsertMaterials(SOURCE, [material('SiC', { externalId: 'one' })]);
    await until(async () => (await missing()) === 0);
  });

  it('are made of an import that began earlier, and ended later, than one they had seen', async () => {
    await start();
    let release = () => {};
    const held = new Promise<void>((resolve) => (release = resolve));
    const long = createCatalogWriter(database).atomically(async (writer) => {
      await writer.upsertMaterials({ name: 'long' }, materials('GaAs'));
      await held;
    });
    await sleep(1_500);
    await createCatalogWriter(database).upsertMaterials({ name: 'short' }, materials('Si'));
    await until(async () => (await database.predictionFills.due(predictor.model.id, ['BAND_GAP'])).length > 0);
    await until(async () => (await missing()) === 0);
    await sleep(1_500);
    release();
    await long;
    expect(await missing()).toBe(1);
    await until(async () => (await missing()) === 0);
  });

  it('are made anew by a new version of the model, of what the former had been asked for', async () => {
    await importFormulas('GaAs Si');
    await database.predictionFills.want(predictor.model.id, ['BAND_GAP', 'BULK_MODULUS']);
    await (await start('asked')).stop();
    const model = { ...predictor.model, id: 'darwin-tiny@9.9.9', sha256: '9'.repeat(64) };
    const store = new Map<string, string>();
    await database.predictions.registerModel(model.id, model.sha256);
    const { by } = watched({
      model,
      predict: async (requests, options) => {
        const results = await predictor.predict(requests, options);
        for (const { composition, property } of requests) store.set(`${composition.key} ${property}`, composition.key);
        return results;
      },
      async flush() {
        const now = new Date();
        const rows = [...store].map(([name, compositionKey]) => {
          const property = name.split(' ')[1] as PropertyKey;
          const { variant } = predictor.storedAs(property)!;
          return { compositionKey, property, variant, answer: new Uint8Array(), value: 1, standardDeviation: 0 };
        });
        await database.predictions.putMany(
          model.id,
          rows.map((row) => ({ ...row, computedAt: now })),
        );
      },
    });
    expect([await missing('BAND_GAP', by), await missing('BULK_MODULUS', by)]).toEqual([2, 2]);
    await start('asked', by);
    await until(async () => (await missing('BAND_GAP', by)) + (await missing('BULK_MODULUS', by)) === 0);
  });

  it('pass over elements that the model does not know, and come to an end', async () => {
    const { by, formulas } = watched({
      predict: async (requests, options) => {
        const results = await predictor.predict(requests, options);
        return results.map((result, i) =>
          requests[i]!.composition.elements.includes('Og') ? new BeagleError('UNSUPPORTED_ELEMENT', 'Og') : result,
        );
      },
    });
    await importFormulas('Og2O Si');
    await start(['BAND_GAP'], by);
    await until(
      async () => (await database.predictionFills.due(by.model.id, ['BAND_GAP'])).length === 0 && formulas().length > 0,
    );
    expect(await missing()).toBeLessThanOrEqual(1);
    const asked = formulas().length;
    await sleep(6_000);
    expect(formulas()).toHaveLength(asked);
  });

  it('go on after the model was overloaded, or answers could not be stored', async () => {
    let refused = 2;
    let lost = 1;
    const { by } = watched({
      predict: async (requests, options) => {
        if (refused-- > 0) return requests.map(() => new BeagleError('MODEL_OVERLOADED', 'too many are waiting'));
        return predictor.predict(requests, lost-- > 0 ? { ...options, keep: false } : options);
      },
    });
    await importFormulas('GaAs');
    await start(['BAND_GAP'], by);
    await until(async () => (await missing()) === 0);
    expect([refused, lost].every((left) => left < 0)).toBe(true);
  });

  it('of a server that stops in the middle are finished by another, from the page that it was at', async () => {
    const many = Array.from({ length: 2_300 }, (_, i) => `Ga${i + 1}As${2_301 - i}`);
    for (let from = 0; from < many.length; from += 500) await importFormulas(many.slice(from, from + 500).join(' '));
    let pages = 0;
    const slow = watched({
      predict: async (requests, options) => {
        if (++pages > 1)
          await new Promise((_, reject) =>
            options!.signal!.addEventListener('abort', () => reject(options!.signal!.reason as Error)),
          );
        return predictor.predict(requests, options);
      },
    });
    const first = await start(['BAND_GAP'], slow.by);
    await until(async () => pages === 2);
    await first.stop();
    expect(await missing()).toBe(1_300);
    const next = watched();
    await start(['BAND_GAP'], next.by);
    await until(async () => (await missing()) === 0);
    expect(next.formulas()).toHaveLength(1_300);
  });

  it('are shared by several servers: each is made once', async () => {
    await importFormulas('GaAs Si ZnO MgO GaN InP');
    const servers = [watched(), watched(), watched()];
    const properties: PropertyKey[] = ['BAND_GAP', 'BULK_MODULUS', 'MELTING_TEMPERATURE'];
    await Promise.all(servers.map(({ by }) => start(properties, by)));
    await until(async () => (await Promise.all(properties.map((property) => missing(property)))).every((n) => n === 0));
    expect(servers.flatMap(({ formulas }) => formulas())).toHaveLength(6 * 3);
  });

  it('are not made of what nobody has asked for', async () => {
    const { by, calls } = watched();
    await importFormulas('GaAs');
    await start('asked', by);
    await sleep(3_000);
    expect(calls).toEqual([]);
    await database.predictionFills.want(by.model.id, ['BAND_GAP']);
    await until(async () => (await missing()) === 0);
  });

  it('are what a question is answered from', async () => {
    await importFormulas('GaAs');
    await start();
    await until(async () => (await missing()) === 0);
    const [answer] = await predictor.predict([{ composition: parseFormula('GaAs'), property: 'BAND_GAP' }]);
    expect(answer).toMatchObject({ cached: true });
  });
});
