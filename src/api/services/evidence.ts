import DataLoader from 'dataloader';
import type { Evidence, EvidenceSource, PredictionResult, SimilarCompositions } from '../../domain';
import type { Context } from '../../../schema';
import { listLength } from '../paging';

/** The evidence of all predictions of one operation in as few calls as execution allows. */
export function evidenceService(source: EvidenceSource & SimilarCompositions): Context['evidence'] {
  const loader = new DataLoader<PredictionResult, Evidence>((predictions) => source.evidenceOf(predictions));
  return {
    of: (prediction) => loader.load(prediction),
    similar: async (composition, first) => source.similar(composition, listLength(first)),
  };
}
