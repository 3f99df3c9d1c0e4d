import type { Asker } from '../../domain';
import type { Context } from '../../../schema';

/** What a question predicts is loaded, and charged, as a prediction of any field is. */
export function askService(asker: Asker, predictions: Context['predictions']): Context['ask'] {
  return (question) =>
    asker.answer(question, ({ composition, property, conditions }) =>
      predictions.one(composition, { property, conditions }),
    );
}
