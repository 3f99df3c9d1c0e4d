import path from 'node:path';
import { Worker } from 'node:worker_threads';
import type { ModelPackage } from '../../src/darwin';
import type { MemoryTensor } from '../../src/darwin/manifest';
import { PropertyPrompt } from '../../src/darwin/prompt';
import { packRun } from '../../src/darwin/session/pack';
import type { MemoryInput, RunMessage } from '../../src/darwin/session/protocol';
import { Tokenizer } from '../../src/darwin/tokenizer';
import type { PredictionRequest } from '../../src/domain';

/** The graph's memory tensors of each property. */
export function memoryInputs({ manifest, resolve }: ModelPackage): MemoryInput[][] {
  return manifest.properties.map((property) =>
    manifest.graph.memoryInputs.map(({ name, type }) => {
      const { file, shape, offset } = property.memory![name] as MemoryTensor;
      return { name, type, shape, offset, path: resolve(file) };
    }),
  );
}

type RowOrder = 'by length' | 'as asked';

/** Sessions that do nothing else, over tensors prepared beforehand. */
export class BareSessions {
  private constructor(
    private readonly threads: readonly Worker[],
    private readonly pack: ModelPackage,
    private readonly tokenizer: Tokenizer,
  ) {}

  static async start(pack: ModelPackage, sessions: number, intraOpThreads: number): Promise<BareSessions> {
    const { graphPath } = pack;
    const memory = memoryInputs(pack);
    const started = Array.from({ length: sessions }, async () => {
      const worker = new Worker(path.join(__dirname, 'inference-bare.cjs'), {
        workerData: { graphPath, threads: intraOpThreads, memory },
      });
      await new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject));
      return worker;
    });
    return new BareSessions(await Promise.all(started), pack, new Tokenizer(pack.manifest.vocabulary));
  }

  /** ms for all rows at this batch size, spread over the sessions; rows of like length together, or as they come. */
  async time(requests: readonly PredictionRequest[], batch: number, order: RowOrder = 'by length'): Promise<number> {
    const runs = this.runsOf(requests, batch, order);
    const shares = this.threads.map((_, w) => runs.filter((_run, r) => r % this.threads.length === w));
    const times = this.threads.map(
      (thread, w) =>
        new Promise<number>((resolve) => {
          thread.once('message', resolve);
          thread.postMessage(shares[w]);
        }),
    );
    return Math.max(...(await Promise.all(times)));
  }

  async close(): Promise<void> {
    await Promise.all(this.threads.map((thread) => thread.terminate()));
  }

  /** The runs of these requests at this batch size, packed. */
  runsOf(requests: readonly PredictionRequest[], batch: number, order: RowOrder = 'by length'): RunMessage[] {
    const properties = [...new Set(requests.map(({ property }) => property))];
    return properties.flatMap((key) => {
      const index = this.pack.manifest.properties.findIndex((property) => property.key === key);
      const prompt = new PropertyPrompt(this.pack.manifest.properties[index]!, this.tokenizer);
      const rows = requests
        .filter(({ property }) => property === key)
        .map(({ composition }) => prompt.row(composition, prompt.conditions(undefined)))
        .sort((a, b) => (order === 'by length' ? a.tokens.length - b.tokens.length : 0));
      return Array.from({ length: Math.ceil(rows.length / batch) }, (_, b) =>
        packRun({ property: index, instruction: prompt.instruction, rows: rows.slice(b * batch, (b + 1) * batch) }, b),
      );
    });
  }
}
