// @ts-check
/**
 * The yardstick of `npm run bench:inference`: a bare ONNX session in a loop over prepared tensors, nothing of ours around
 * it. A worker thread, so that several sessions can run side by side as they do in the server.
 *
 * @typedef {import('../../src/darwin/session/protocol').RunMessage} RunMessage
 * @typedef {import('../../src/darwin/session/protocol').MemoryInput} MemoryInput
 */
'use strict';

const fs = require('node:fs');
const { performance } = require('node:perf_hooks');
const { parentPort, workerData } = require('node:worker_threads');
const { InferenceSession, Tensor } = require('onnxruntime-node');

/** @type {{ graphPath: string, threads: number, memory: MemoryInput[][] }} */
const { graphPath, threads, memory } = workerData;
if (!parentPort) throw new Error('inference-bare.cjs runs in a worker thread');
const port = parentPort;

const VIEWS = {
  float32: Float32Array,
  float16: Uint16Array,
  int64: BigInt64Array,
  int32: Int32Array,
  int8: Int8Array,
  uint8: Uint8Array,
};
/** @type {Map<string, Buffer>} */
const files = new Map();
/** @param {MemoryInput} input */
function memoryTensor({ path, type, shape, offset }) {
  const View = VIEWS[type];
  const bytes = shape.reduce((product, size) => product * size, 1) * View.BYTES_PER_ELEMENT;
  const file = files.get(path) ?? fs.readFileSync(path);
  files.set(path, file);
  const start = file.byteOffset + offset;
  const buffer = /** @type {ArrayBuffer} */ (file.buffer).slice(start, start + bytes);
  return new Tensor(type, /** @type {any} */ (new View(buffer)), shape);
}

const memoryOf = memory.map((inputs) => Object.fromEntries(inputs.map((input) => [input.name, memoryTensor(input)])));

/** @param {RunMessage} run */
const feedsOf = (run) => ({
  instruction: new Tensor('int64', run.instruction, [run.instruction.length]),
  tokens: new Tensor('int64', run.tokens, [run.rows, run.length]),
  numbers: new Tensor('float32', run.numbers, [run.rows, run.length]),
  property: new Tensor('int64', BigInt64Array.of(BigInt(run.property)), []),
  ...memoryOf[run.property],
});

async function main() {
  const session = await InferenceSession.create(graphPath, {
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    graphOptimizationLevel: 'all',
  });
  port.on('message', async (/** @type {RunMessage[]} */ runs) => {
    const prepared = runs.map(feedsOf);
    const start = performance.now();
    for (const feeds of prepared) await session.run(feeds);
    port.postMessage(performance.now() - start);
  });
  port.postMessage('ready');
}

main().catch((error) => {
  throw error;
});
