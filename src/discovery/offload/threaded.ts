import path from 'node:path';
import { Worker } from 'node:worker_threads';
import type { ElementLimits, SpaceQuery } from '../query';
import type { Ranking } from '../ranking/rank';
import type { SpaceWork, WorkReply, WorkRequest, WorkSetup } from './protocol';

interface Waiting {
  resolve(reply: WorkReply): void;
  reject(error: Error): void;
}

/** On a thread of its own, which ends with `close`. It lives as long as one discovery, so it holds no state of another. */
export function threadedWork(space: SpaceQuery, limits: ElementLimits): SpaceWork {
  const setup: WorkSetup = { space, limits };
  const worker = new Worker(path.join(__dirname, 'worker.cjs'), { workerData: setup });
  const waiting = new Map<number, Waiting>();
  let lastId = 0;
  let ended: Error | null = null;
  const end = (error: Error): void => {
    ended ??= error;
    for (const { reject } of waiting.values()) reject(ended);
    waiting.clear();
  };
  worker.on('message', (reply: WorkReply) => {
    const asked = waiting.get(reply.id);
    waiting.delete(reply.id);
    if ('error' in reply) asked?.reject(reply.error);
    else asked?.resolve(reply);
  });
  worker.on('error', end);
  worker.on('exit', () => end(new Error('the discovery thread has ended')));

  const ask = (call: WorkRequest['call'], transfer: ArrayBuffer[] = []): Promise<WorkReply> =>
    new Promise((resolve, reject) => {
      if (ended !== null) return reject(ended);
      const id = ++lastId;
      waiting.set(id, { resolve, reject });
      worker.postMessage({ id, call } satisfies WorkRequest, transfer);
    });
  return {
    async scan(from, to) {
      const reply = await ask({ kind: 'scan', from, to });
      return (reply as { positions: Uint32Array }).positions;
    },
    async rank(columns, options) {
      const arrays = [columns.positions, columns.costs, ...(columns.scores === null ? [] : [columns.scores])];
      const reply = await ask(
        { kind: 'rank', columns, options },
        arrays.map((array) => array.buffer as ArrayBuffer),
      );
      return (reply as { ranking: Ranking }).ranking;
    },
    close: () => void worker.terminate(),
  };
}
