import { spawn, spawnSync } from 'node:child_process';
import path from 'node:path';
import { ELEMENTS, elementBySymbol, type Composition } from '../../src/chemistry';
import type { MemoryInput, RunMessage } from '../../src/darwin/session/protocol';

export interface PeerTask {
  readonly python: string;
  readonly graphPath: string;
  readonly run: RunMessage;
  readonly memory: readonly MemoryInput[];
  /** What ExtraTrees is fitted to before it is timed. */
  readonly train: readonly { readonly composition: Composition; readonly value: number }[];
  readonly test: readonly Composition[];
}

export interface PeerResult {
  readonly peer: string;
  readonly rowsPerSecond?: number;
  readonly absent?: string;
}

const PYTHONS = ['python3', '/usr/bin/python3'] as const;
/** The first Python that has this module; the first of all if none does, which then says what it lacks. */
export const pythonWith = (module: string): string =>
  PYTHONS.find((python) => spawnSync(python, ['-c', `import ${module}`]).status === 0) ?? PYTHONS[0];

/** Times what other people would use instead, in Python (inference_peers.py). */
export function timePeers({ python, graphPath, run, memory, train, test }: PeerTask): Promise<PeerResult[]> {
  const matrix = (data: ArrayLike<number | bigint>) =>
    Array.from({ length: run.rows }, (_, r) =>
      Array.from({ length: run.length }, (_x, i) => Number(data[r * run.length + i])),
    );
  const amounts = ({ elements, fractions }: Composition) =>
    elements.map((symbol, i) => [elementBySymbol(symbol)!.number, fractions[i]!]);
  const task = {
    graph: graphPath,
    batch: {
      instruction: Array.from(run.instruction, Number),
      tokens: matrix(run.tokens),
      numbers: matrix(run.numbers),
      property: run.property,
      memory,
    },
    train: train.map(({ composition }) => amounts(composition)),
    targets: train.map(({ value }) => value),
    test: test.map(amounts),
    elements: ELEMENTS.map(({ atomicMass, electronegativity }) => [atomicMass, electronegativity ?? 0]),
  };
  return new Promise((resolve) => {
    const child = spawn(python, [path.join(__dirname, 'inference_peers.py')], { stdio: ['pipe', 'pipe', 'inherit'] });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.on('error', (error) => resolve([{ peer: python, absent: error.message }]));
    child.on('close', () =>
      resolve(
        output
          .split('\n')
          .filter(Boolean)
          .map((line) => JSON.parse(line) as PeerResult),
      ),
    );
    child.stdin.on('error', () => undefined); // a Python that could not start has told why on 'error' or stderr
    child.stdin.end(JSON.stringify(task));
  });
}
