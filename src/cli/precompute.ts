import { pino } from 'pino';
import { fillPredictions, predictedColumn } from '../catalog';
import { readConfig } from '../config';
import { PROPERTY_KEYS } from '../domain';
import { openServices } from '../services';
import { choiceOption, runCommand } from './command';
import { progressBar } from './output';

const USAGE = `Predict the catalogue: what filters, orders and plots of predicted values read.

  npm run precompute -- [PROPERTY …]
  npm run precompute -- BAND_GAP BULK_MODULUS

Without a property, all that the model predicts. Predictions that are there already are kept, so that it goes on where it was
broken off. The server may run meanwhile; it does the same in the background for the properties of BEAGLE_PRECOMPUTE.

Properties: ${PROPERTY_KEYS.join(' ')}`;

runCommand(USAGE, async (args, signal) => {
  const named = args.map((name) => choiceOption('property', name, PROPERTY_KEYS));
  const { database, predictor, close } = await openServices(readConfig(), pino({ level: 'silent' }));
  const progress = progressBar('Predicting');
  let made = 0;
  try {
    const columns = (named.length > 0 ? named : PROPERTY_KEYS).flatMap((property) => {
      const column = predictedColumn(predictor, property);
      return column === null ? [] : [column];
    });
    const missing = await Promise.all(
      columns.map((column) => database.catalogue.countMaterialsWithoutPrediction(column)),
    );
    const total = missing.reduce((sum, count) => sum + count, 0);
    let done = 0;
    for (const column of columns) {
      for await (const { materials, predicted } of fillPredictions(database.catalogue, predictor, column)) {
        signal.throwIfAborted();
        done += materials;
        made += predicted;
        progress.update(done, Math.max(done, total));
      }
    }
    progress.stop();
    console.log(`Made ${made} predictions of ${columns.length} ${columns.length === 1 ? 'property' : 'properties'}`);
  } finally {
    progress.stop();
    await close();
  }
});
