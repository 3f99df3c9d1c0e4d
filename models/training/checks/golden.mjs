// Runs a package's golden questions through onnxruntime-node and compares with what torch answered:
//   node models/training/checks/golden.mjs models/darwin-<version>
// one by one, and all questions of a property as one batch with padding; prints the largest difference.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ort from 'onnxruntime-node';

const TYPED = { int8: Int8Array, uint8: Uint8Array, float32: Float32Array };
const folder = process.argv[2];
const manifest = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8'));
const memory = readFileSync(join(folder, 'memory.bin'));
const session = await ort.InferenceSession.create(join(folder, manifest.graph.file), { intraOpNumThreads: 1 });
const golden = readFileSync(join(folder, 'golden.jsonl'), 'utf8').trim().split('\n').map((line) => JSON.parse(line));

const int64 = (values, dims) => new ort.Tensor('int64', BigInt64Array.from(values, BigInt), dims);
function feeds(index, rows, width) {
  const property = manifest.properties[index];
  const pad = (row) => [...row, ...Array(width - row.length).fill(0)];
  const result = {
    instruction: int64(property.promptTokens, [property.promptTokens.length]),
    tokens: int64(rows.flatMap((row) => pad(row.tokens)), [rows.length, width]),
    numbers: new ort.Tensor('float32', Float32Array.from(rows.flatMap((row) => pad(row.numbers))), [rows.length, width]),
    property: int64([index], []),
  };
  for (const { name, type } of manifest.graph.memoryInputs) {
    const { shape, offset } = property.memory[name];
    const count = shape.reduce((a, b) => a * b, 1);
    const bytes = memory.subarray(offset, offset + count * TYPED[type].BYTES_PER_ELEMENT);
    result[name] = new ort.Tensor(type, new TYPED[type](Uint8Array.from(bytes).buffer), shape);
  }
  return result;
}

let worst = 0;
for (const [index, property] of manifest.properties.entries()) {
  const rows = golden.filter((row) => row.property === property.key);
  const width = Math.max(...rows.map((row) => row.tokens.length)) + 2;
  const batch = (await session.run(feeds(index, rows, width))).probabilities.data;
  for (const [place, row] of rows.entries()) {
    const single = (await session.run(feeds(index, [row], row.tokens.length))).probabilities.data;
    row.probabilities.forEach((expected, bin) => {
      worst = Math.max(worst, Math.abs(single[bin] - expected), Math.abs(batch[place * manifest.graph.bins + bin] - expected));
    });
  }
}
console.log(`${golden.length} golden answers of ${manifest.properties.length} properties, largest difference ${worst.toExponential(2)}`);
process.exitCode = worst < 1e-4 ? 0 : 1;

if (process.argv.includes('--bench')) {
  for (const key of ['BAND_GAP', 'SUPERCONDUCTOR_TC']) {
    const index = manifest.properties.findIndex((property) => property.key === key);
    const row = golden.find((candidate) => candidate.property === key);
    for (const size of [1, 32, 256]) {
      const input = feeds(index, Array(size).fill(row), 6 > row.tokens.length ? 6 : row.tokens.length);
      await session.run(input);
      const times = [];
      for (let run = 0; run < 15; run++) {
        const start = performance.now();
        await session.run(input);
        times.push(performance.now() - start);
      }
      const median = times.sort((a, b) => a - b)[7];
      console.log(`${key} batch ${size}: ${median.toFixed(1)} ms, ${Math.round((size / median) * 1000)} predictions/s`);
    }
  }
}
