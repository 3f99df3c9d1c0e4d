import type { EvidenceSource, PredictionResult, SimilarCompositions } from '../../src/domain';

/** The nearest of everything is silicon, one step away; how it is asked is recorded. */
export class FakeEvidence implements EvidenceSource, SimilarCompositions {
  readonly calls: (readonly PredictionResult[])[] = [];

  evidenceOf = async (predictions: readonly PredictionResult[]) => {
    this.calls.push(predictions);
    return predictions.map(({ request }) => ({
      inTrainingData: request.composition.formula === 'Si',
      nearest: [{ formula: 'Si', distance: request.composition.formula === 'Si' ? 0 : 1 }],
      applicability: 'INTERPOLATION' as const,
    }));
  };

  similar = async (_composition: unknown, count: number) =>
    Array.from({ length: count }, (_, i) => ({ formula: 'Si', distance: i }));
}
