import { parentPort, workerData } from 'node:worker_threads';
import { inlineWork } from './inline';
import type { WorkReply, WorkRequest, WorkSetup } from './protocol';

const { space, limits } = workerData as WorkSetup;
const work = inlineWork(space, limits);

parentPort!.on('message', ({ id, call }: WorkRequest) => {
  void answer(id, call);
});

async function answer(id: number, call: WorkRequest['call']): Promise<void> {
  let reply: WorkReply;
  const transfer: ArrayBuffer[] = [];
  try {
    if (call.kind === 'scan') {
      const positions = await work.scan(call.from, call.to);
      reply = { id, positions };
      transfer.push(positions.buffer as ArrayBuffer);
    } else reply = { id, ranking: await work.rank(call.columns, call.options) };
  } catch (error) {
    reply = { id, error: error as Error };
  }
  parentPort!.postMessage(reply, transfer);
}
