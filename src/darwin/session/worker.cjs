// @ts-check
/**
 * A session worker: owns one ONNX session, because `session.run()` blocks the thread that calls it. The only file that
 * imports onnxruntime-node. Plain JavaScript with checked types, so that a worker starts in tens of milliseconds wherever
 * it is started from; a TypeScript entry would load a compiler in every worker.
 *
 * @typedef {import('./protocol').SessionOptions} SessionOptions
 * @typedef {import('./protocol').RunMessage} RunMessage
 * @typedef {import('./protocol').MemoryInput} MemoryInput
 * @typedef {import('./protocol').GraphRunMessage} GraphRunMessage
 * @typedef {import('./protocol').TensorData} TensorData
 * @typedef {import('./protocol').WorkerMessage | import('./protocol').GraphWorkerMessage} WorkerMessage
 */
'use strict';

const fs = require('node:fs');
const { performance } = require('node:perf_hooks');
const { parentPort, workerData } = require('node:worker_threads');
const { env, InferenceSession, Tensor } = require('onnxruntime-node');

// Failures come back as exceptions; the runtime would also write them to stderr, in colour.
env.logLevel = 'fatal';

const VIEWS = {
  float32: Float32Array,
  float16: Uint16Array,
  int64: BigInt64Array,
  int32: Int32Array,
  int8: Int8Array,
  uint8: Uint8Array,
};

if (!parentPort) throw new Error('worker.cjs runs in a worker thread');
const port = parentPort;
/** @type {(message: WorkerMessage, transfer?: readonly import('node:worker_threads').TransferListItem[]) => void} */
const post = (message, transfer) => port.postMessage(message, transfer);
/**
 * Shared with session-worker.ts, which waits on it: [stop asked for, native calls under way].
 * @type {Int32Array}
 */
const state = workerData.state;
const [STOP, BUSY] = [0, 1];

/** Ends the thread here, between native calls, if that was asked for. */
function exitIfStopped() {
  if (Atomics.load(state, STOP) === 0) return;
  Atomics.store(state, BUSY, 0);
  Atomics.notify(state, BUSY);
  process.exit(1);
}

/**
 * Runs native code, in which this thread must not be ended.
 *
 * @template T
 * @param {() => Promise<T>} work
 */
async function native(work) {
  Atomics.add(state, BUSY, 1);
  exitIfStopped();
  try {
    return await work();
  } finally {
    Atomics.sub(state, BUSY, 1);
    Atomics.notify(state, BUSY);
    exitIfStopped();
  }
}

/** @type {(error: unknown) => string} */
const reasonOf = (error) => (error instanceof Error ? error.message : String(error));

/** @param {SessionOptions} options */
async function createSession({ graphPath, device, threads }) {
  /** @type {import('onnxruntime-common').InferenceSession.SessionOptions} */
  const common = {
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    graphOptimizationLevel: 'all',
    logSeverityLevel: 4,
  };
  const cpu = () => InferenceSession.create(graphPath, { ...common, executionProviders: ['cpu'] });
  if (device === 'cpu') return { session: await cpu(), device: 'cpu', fallback: null };
  const deviceId = device === 'auto' ? 0 : Number(device.slice('cuda:'.length));
  try {
    const session = await InferenceSession.create(graphPath, {
      ...common,
      executionProviders: [{ name: 'cuda', deviceId }, 'cpu'],
    });
    return { session, device: `cuda:${deviceId}`, fallback: null };
  } catch (error) {
    if (device !== 'auto') throw error;
    return { session: await cpu(), device: 'cpu', fallback: reasonOf(error) };
  }
}

/** @param {SessionOptions['memory']} memory */
function readMemory(memory) {
  /** @type {Map<string, ArrayBuffer>} */
  const files = new Map();
  /** @param {MemoryInput} input */
  const tensor = ({ name, type, shape, path, offset }) => {
    let file = files.get(path);
    if (!file) {
      const bytes = fs.readFileSync(path);
      file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
      files.set(path, /** @type {ArrayBuffer} */ (file));
    }
    const View = VIEWS[type];
    const length = shape.reduce((product, size) => product * size, 1);
    const aligned = offset % View.BYTES_PER_ELEMENT === 0;
    const data = aligned
      ? new View(file, offset, length)
      : new View(file.slice(offset, offset + length * View.BYTES_PER_ELEMENT));
    return /** @type {const} */ ([name, new Tensor(type, /** @type {any} */ (data), shape)]);
  };
  return memory.map((inputs) => Object.fromEntries(inputs.map(tensor)));
}

/**
 * @param {InferenceSession} session
 * @param {Record<string, Tensor>[]} memory
 * @param {RunMessage} run
 */
async function execute(session, memory, run) {
  const shape = [run.rows, run.length];
  const start = performance.now();
  const feeds = {
    instruction: new Tensor('int64', run.instruction, [run.instruction.length]),
    tokens: new Tensor('int64', run.tokens, shape),
    numbers: new Tensor('float32', run.numbers, shape),
    property: new Tensor('int64', BigInt64Array.of(BigInt(run.property)), []),
    ...memory[run.property],
  };
  const outputs = await native(() => session.run(feeds));
  return { outputs, computeMs: performance.now() - start };
}

/**
 * @param {InferenceSession} session
 * @param {GraphRunMessage} run
 */
async function executeGraph(session, { feeds, fetches }) {
  /** @param {[string, TensorData]} entry */
  const tensor = ([name, { type, data, shape }]) => [name, new Tensor(type, /** @type {any} */ (data), shape)];
  const tensors = Object.fromEntries(Object.entries(feeds).map(tensor));
  return native(() => (fetches ? session.run(tensors, fetches) : session.run(tensors)));
}

/**
 * @param {InferenceSession} session
 * @param {GraphRunMessage} run
 */
async function answerGraph(session, run) {
  const results = Object.entries(await executeGraph(session, run));
  const outputs = Object.fromEntries(
    results.map(([name, { type, dims, data }]) => [name, /** @type {TensorData} */ ({ type, shape: dims, data })]),
  );
  const buffers = results.map(([, { data }]) => /** @type {Float32Array} */ (data).buffer);
  post({ type: 'outputs', id: run.id, outputs }, /** @type {ArrayBuffer[]} */ (buffers));
}

async function main() {
  /** @type {SessionOptions} */
  const options = workerData;
  const { session, device, fallback } = await native(() => createSession(options));
  const memory = readMemory(options.memory);
  if ('feeds' in options.warmUp) await executeGraph(session, options.warmUp);
  else await execute(session, memory, options.warmUp);

  /** @param {RunMessage | GraphRunMessage | null} run */
  const answer = async (run) => {
    exitIfStopped();
    if (!run) return;
    try {
      if ('feeds' in run) return await answerGraph(session, run);
      const { outputs, computeMs } = await execute(session, memory, run);
      const probabilities = /** @type {Float32Array} */ (outputs.probabilities?.data);
      const neighbours = /** @type {BigInt64Array | undefined} */ (outputs.neighbours?.data) ?? null;
      const neighbourWeights = /** @type {Float32Array | undefined} */ (outputs.neighbourWeights?.data) ?? null;
      const columns = probabilities.length / run.rows;
      const buffers = [probabilities, neighbours, neighbourWeights].flatMap((data) => (data ? [data.buffer] : []));
      post(
        { type: 'result', id: run.id, probabilities, columns, neighbours, neighbourWeights, computeMs },
        /** @type {ArrayBuffer[]} */ (buffers),
      );
    } catch (error) {
      post({ type: 'run-failed', id: run.id, reason: reasonOf(error) });
    }
  };
  // One after the other: a run that came meanwhile would count the time of the one before it as its own.
  let last = Promise.resolve();
  port.on('message', (run) => (last = last.then(() => answer(run))));
  post({ type: 'ready', device, fallback });
}

main().catch((error) => {
  post({ type: 'failed', reason: reasonOf(error) });
  port.close();
});
