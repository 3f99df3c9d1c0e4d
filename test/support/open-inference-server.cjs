// @ts-check
/**
 * A small server of the Open Inference Protocol v2 over HTTP: one model, an ONNX file. Written to the protocol's text alone, so that what
 * the tests ask of it is not what our client happens to send. A process of its own, told its options as JSON in its first argument;
 * sends its port to its parent.
 *
 * @typedef {import('../../src/darwin/session/protocol').MemoryInput} MemoryInput
 * @typedef {object} Options
 * @property {string} graphPath
 * @property {boolean} binary speaks the binary tensor data extension
 * @property {boolean} noScalars like Triton: a tensor without a dimension is asked for as one of shape [1]
 * @property {MemoryInput[][] | null} memory inputs that the server holds itself, by property
 * @property {string | null} token
 */
'use strict';

const fs = require('node:fs');
const http = require('node:http');
const { env, InferenceSession, Tensor } = require('onnxruntime-node');

env.logLevel = 'fatal';
/** @type {Options} */
const options = JSON.parse(fs.readFileSync(/** @type {string} */ (process.argv[2]), 'utf8'));
const HEADER_LENGTH = 'inference-header-content-length';
const TYPES = /** @type {const} */ ({
  float32: ['FP32', Float32Array],
  int64: ['INT64', BigInt64Array],
  int8: ['INT8', Int8Array],
  uint8: ['UINT8', Uint8Array],
});
/** @typedef {keyof typeof TYPES} Type */
/** @type {(datatype: string) => Type} */
const typeOf = (datatype) => {
  const found = Object.entries(TYPES).find(([, [name]]) => name === datatype);
  if (!found) throw new Error(`unknown datatype ${datatype}`);
  return /** @type {Type} */ (found[0]);
};
/** @type {(type: Type, bytes: Uint8Array, shape: readonly number[]) => Tensor} */
const tensorOf = (type, bytes, shape) => new Tensor(type, /** @type {any} */ (new TYPES[type][1](Uint8Array.from(bytes).buffer)), shape); // prettier-ignore

/** @param {InferenceSession} session */
function serve(session) {
  const held = (options.memory ?? []).map((inputs) =>
    Object.fromEntries(
      inputs.map(({ name, type, shape, path, offset }) => {
        const size = TYPES[/** @type {Type} */ (type)][1].BYTES_PER_ELEMENT * shape.reduce((a, b) => a * b, 1);
        return [
          name,
          tensorOf(/** @type {Type} */ (type), fs.readFileSync(path).subarray(offset, offset + size), shape),
        ];
      }),
    ),
  );
  const heldNames = new Set(Object.keys(held[0] ?? {}));
  /** @param {readonly import('onnxruntime-node').InferenceSession.ValueMetadata[]} values */
  const described = (values) =>
    values.flatMap((value) => {
      if (!value.isTensor || heldNames.has(value.name)) return [];
      const shape = value.shape.map((size) => (typeof size === 'number' ? size : -1));
      const datatype = TYPES[/** @type {Type} */ (value.type)][0];
      return [{ name: value.name, datatype, shape: options.noScalars && shape.length === 0 ? [1] : shape }];
    });

  /** @type {(body: Buffer, header: string | undefined) => Promise<[Buffer, Record<string, string>]>} */
  async function infer(body, header) {
    const request = JSON.parse(body.subarray(0, header === undefined ? body.length : Number(header)).toString());
    let offset = Number(header);
    /** @type {Record<string, Tensor>} */
    const feeds = {};
    for (const { name, datatype, shape, data, parameters } of request.inputs) {
      const type = typeOf(datatype);
      const dims = options.noScalars && name === 'property' ? [] : shape;
      const size = parameters?.binary_data_size;
      if (size === undefined) {
        const numbers = type === 'int64' ? data.flat(Infinity).map(BigInt) : data.flat(Infinity);
        feeds[name] = new Tensor(type, /** @type {any} */ (TYPES[type][1]).from(numbers), dims);
      } else {
        feeds[name] = tensorOf(type, body.subarray(offset, offset + size), dims);
        offset += size;
      }
    }
    if (held.length > 0) Object.assign(feeds, held[Number(feeds.property?.data[0])]);
    const results = await session.run(feeds);
    /** @type {Uint8Array[]} */
    const bytes = [];
    const outputs = request.outputs.map((/** @type {{ name: string, parameters?: { binary_data?: boolean } }} */ { name, parameters }) => {
      const { type, dims, data } = /** @type {Tensor} */ (results[name]);
      const tensor = { name, datatype: TYPES[/** @type {Type} */ (type)][0], shape: dims };
      if (!parameters?.binary_data) return { ...tensor, data: Array.from(/** @type {any} */ (data), Number) };
      const view = /** @type {Float32Array | BigInt64Array} */ (data);
      bytes.push(new Uint8Array(view.buffer, view.byteOffset, view.byteLength));
      return { ...tensor, parameters: { binary_data_size: view.byteLength } };
    }); // prettier-ignore
    const json = Buffer.from(JSON.stringify({ model_name: 'darwin', model_version: '1', outputs }));
    if (bytes.length === 0) return [json, { 'content-type': 'application/json' }];
    return [
      Buffer.concat([json, ...bytes]),
      { 'content-type': 'application/octet-stream', [HEADER_LENGTH]: String(json.length) },
    ];
  }

  const server = http.createServer(async (request, response) => {
    /** @type {Buffer[]} */
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    /** @type {(status: number, value?: object) => void} */
    const json = (status, value) => void response.writeHead(status, { 'content-type': 'application/json' }).end(value && JSON.stringify(value)); // prettier-ignore
    if (options.token !== null && request.headers.authorization !== `Bearer ${options.token}`) return json(401);
    const extensions = options.binary ? ['binary_tensor_data'] : [];
    switch (`${request.method} ${request.url}`) {
      case 'GET /v2':
        return json(200, { name: 'test', version: '1', extensions });
      case 'GET /v2/models/darwin':
        return json(200, {
          name: 'darwin',
          versions: ['1'],
          platform: 'onnx',
          inputs: described(session.inputMetadata),
          outputs: described(session.outputMetadata),
        });
      case 'GET /v2/models/darwin/ready':
        return json(200);
      case 'POST /v2/models/darwin/infer':
        try {
          const header = /** @type {string | undefined} */ (request.headers[HEADER_LENGTH]);
          const [body, headers] = await infer(Buffer.concat(chunks), header);
          return void response.writeHead(200, headers).end(body);
        } catch (error) {
          return json(400, { error: String(error) });
        }
      default:
        return json(404, { error: 'no such model' });
    }
  });
  server.listen(0, '127.0.0.1', () => process.send?.(/** @type {import('node:net').AddressInfo} */ (server.address()).port)); // prettier-ignore
}

process.once('disconnect', () => process.exit());
InferenceSession.create(options.graphPath, { intraOpNumThreads: 1 }).then(serve, (error) => {
  console.error(error);
  process.exit(1);
});
