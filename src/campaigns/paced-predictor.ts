import { setTimeout as sleep } from 'node:timers/promises';
import {
  BeagleError,
  type PredictionRequest,
  type PredictionResult,
  type PredictOptions,
  type Predictor,
} from '../domain';

/** Rows of one worker that wait for the model at a time: enough to keep every session busy, half of what the batcher lets campaigns queue. */
const MAX_ROWS = 4096;
const RETRY_MS = { least: 50, most: 5_000 };

/**
 * A predictor for work that has time: it never asks for more rows at once than the model's queue takes, and asks again for
 * what an overloaded model refused.
 */
export class PacedPredictor implements Predictor {
  private free = MAX_ROWS;
  private readonly waiting: (() => void)[] = [];

  constructor(private readonly predictor: Predictor) {}

  get model() {
    return this.predictor.model;
  }

  async predict(requests: readonly PredictionRequest[], options: PredictOptions = {}) {
    const rows = Math.min(requests.length, MAX_ROWS);
    while (this.free < rows) await new Promise<void>((resolve) => this.waiting.push(resolve));
    this.free -= rows;
    try {
      return await this.untilTaken(requests, options);
    } finally {
      this.free += rows;
      for (const resolve of this.waiting.splice(0)) resolve();
    }
  }

  private async untilTaken(requests: readonly PredictionRequest[], options: PredictOptions) {
    const answers = [...(await this.predictor.predict(requests, options))];
    for (;;) {
      const refused = [...answers.keys()].filter((i) => isOverload(answers[i]!));
      if (refused.length === 0) return answers;
      await sleep(retryAfter(answers[refused[0]!] as BeagleError), undefined, { signal: options.signal });
      const again = await this.predictor.predict(
        refused.map((i) => requests[i]!),
        options,
      );
      refused.forEach((i, n) => (answers[i] = again[n]!));
    }
  }
}

const isOverload = (answer: PredictionResult | Error): boolean =>
  answer instanceof BeagleError && answer.code === 'MODEL_OVERLOADED';

function retryAfter({ details }: BeagleError): number {
  const asked = Number(details['retryAfterMs'] ?? 0);
  return Math.min(RETRY_MS.most, Math.max(RETRY_MS.least, asked));
}
