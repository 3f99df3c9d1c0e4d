import type { Row } from '../../../src/darwin/prompt';
import type { ModelRuntime, Run, RunOutput } from '../../../src/darwin/runtime';

/** A runtime whose runs a test answers by hand. A row's answer is its own first number, so neighbours show. */
export class FakeRuntime implements ModelRuntime {
  readonly device = 'cpu';
  readonly runs: { run: Run; resolve: () => void; reject: (error: Error) => void }[] = [];

  constructor(
    readonly concurrency = 1,
    private readonly auto = false,
  ) {}

  run(run: Run): Promise<RunOutput> {
    return new Promise((resolve, reject) => {
      const answer = () => resolve(outputOf(run.rows));
      this.runs.push({ run, resolve: answer, reject });
      if (this.auto) setImmediate(answer);
    });
  }

  get sizes(): number[] {
    return this.runs.map(({ run }) => run.rows.length);
  }

  async close(): Promise<void> {}
}

function outputOf(rows: readonly Row[]): RunOutput {
  const probabilities = new Float32Array(rows.length * 2);
  rows.forEach((row, i) => probabilities.set([row.numbers[0]!, 1], 2 * i));
  return { probabilities, columns: 2, neighbours: null, neighbourWeights: null, computeMs: 1 };
}

/** Lets everything that is due in this and the next turns of the event loop happen. */
export async function turns(count = 3): Promise<void> {
  for (let i = 0; i < count; i++) await new Promise((resolve) => setImmediate(resolve));
}
