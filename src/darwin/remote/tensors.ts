/**
 * Tensors as the Open Inference Protocol v2 carries them: numbers in JSON, or, by its binary tensor data extension, little-endian
 * bytes behind the JSON, whose length the header `Inference-Header-Content-Length` tells.
 * Source: github.com/kserve/open-inference-protocol (inference_rest.md, binary_tensor_data_extension.md).
 */

const ARRAYS = {
  FP32: Float32Array,
  FP16: Uint16Array,
  INT64: BigInt64Array,
  INT32: Int32Array,
  INT8: Int8Array,
  UINT8: Uint8Array,
} as const;
export type Datatype = keyof typeof ARRAYS;
type TensorData = Float32Array | Uint16Array | BigInt64Array | Int32Array | Int8Array | Uint8Array;

export interface WireTensor {
  readonly name: string;
  readonly datatype: Datatype;
  readonly shape: readonly number[];
  readonly data: TensorData;
}

/** An answer that does not follow the protocol. */
export class ProtocolError extends Error {
  override readonly name = 'ProtocolError';
}

const lengthOf = (shape: readonly number[]) => shape.reduce((product, size) => product * size, 1);

/** The tensor at the start of these bytes, copied, since they need not be aligned. */
export function tensorData(datatype: Datatype, shape: readonly number[], bytes: Uint8Array): TensorData {
  const size = lengthOf(shape) * ARRAYS[datatype].BYTES_PER_ELEMENT;
  return new ARRAYS[datatype](Uint8Array.from(bytes.subarray(0, size)).buffer);
}

const HEADER_LENGTH = 'inference-header-content-length';

interface EncodedRequest {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array<ArrayBuffer> | string;
}

export function encodeRequest(
  inputs: readonly WireTensor[],
  outputs: readonly string[],
  binary: boolean,
): EncodedRequest {
  if (!binary) {
    const body = {
      inputs: inputs.map(({ data, ...tensor }) => ({ ...tensor, data: Array.from<number | bigint>(data).map(Number) })),
      outputs: outputs.map((name) => ({ name })),
    };
    return { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
  }
  const header = Buffer.from(
    JSON.stringify({
      inputs: inputs.map(({ data, ...tensor }) => ({ ...tensor, parameters: { binary_data_size: data.byteLength } })),
      outputs: outputs.map((name) => ({ name, parameters: { binary_data: true } })),
    }),
  );
  const bytes = inputs.map(({ data }) => new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  return {
    headers: { 'content-type': 'application/octet-stream', [HEADER_LENGTH]: String(header.byteLength) },
    body: Buffer.concat([header, ...bytes]),
  };
}

interface JsonTensor {
  name?: unknown;
  datatype?: unknown;
  shape?: unknown;
  data?: unknown;
  parameters?: { binary_data_size?: unknown };
}

/**
 * The outputs by name, whether they came as JSON or as bytes.
 *
 * @param header the value of `Inference-Header-Content-Length`, null for an answer in JSON alone
 * @throws ProtocolError
 */
export function decodeResponse(body: ArrayBuffer, header: string | null): ReadonlyMap<string, WireTensor> {
  const jsonLength = header === null ? body.byteLength : Number(header);
  if (!Number.isInteger(jsonLength) || jsonLength < 0 || jsonLength > body.byteLength) {
    throw new ProtocolError(`${HEADER_LENGTH} is ${header} in an answer of ${body.byteLength} bytes`);
  }
  const outputs = outputsOf(Buffer.from(body, 0, jsonLength).toString());
  let offset = jsonLength;
  const tensors = outputs.map((output): [string, WireTensor] => {
    const { name, datatype, shape, data, parameters } = output;
    if (typeof name !== 'string' || !isShape(shape)) throw new ProtocolError('an output has no name or no shape');
    if (!isDatatype(datatype)) throw new ProtocolError(`${name} is of a datatype that is not expected`);
    const length = lengthOf(shape);
    const size = parameters?.binary_data_size;
    if (size === undefined) return [name, { name, datatype, shape, data: numbers(name, datatype, data, length) }];
    const end = offset + length * ARRAYS[datatype].BYTES_PER_ELEMENT;
    if (size !== end - offset || end > body.byteLength) {
      throw new ProtocolError(`${name} of shape [${shape.join(', ')}] has ${String(size)} bytes of ${datatype}`);
    }
    const bytes = new Uint8Array(body, offset);
    offset = end;
    return [name, { name, datatype, shape, data: tensorData(datatype, shape, bytes) }];
  });
  return new Map(tensors);
}

function outputsOf(text: string): JsonTensor[] {
  let answer: unknown;
  try {
    answer = JSON.parse(text);
  } catch {
    throw new ProtocolError('the answer is not JSON');
  }
  const outputs = (answer as { outputs?: unknown } | null)?.outputs;
  if (!Array.isArray(outputs)) throw new ProtocolError('the answer has no outputs');
  return outputs as JsonTensor[];
}

const isDatatype = (value: unknown): value is Datatype => typeof value === 'string' && Object.hasOwn(ARRAYS, value);
const isShape = (value: unknown): value is number[] =>
  Array.isArray(value) && value.every((size) => Number.isInteger(size) && size >= 0);

/** Flat or nested by rows: the protocol allows both. */
function numbers(name: string, datatype: Datatype, data: unknown, length: number): TensorData {
  const flat = Array.isArray(data) ? (data.flat(Infinity) as unknown[]) : [];
  const whole = datatype !== 'FP32' && datatype !== 'FP16';
  const right = (value: unknown) => (whole ? Number.isSafeInteger(value) : typeof value === 'number');
  if (flat.length !== length || !flat.every(right)) {
    throw new ProtocolError(`${name} does not hold the ${length} numbers of its shape`);
  }
  const values = flat as number[];
  return datatype === 'INT64' ? BigInt64Array.from(values, BigInt) : ARRAYS[datatype].from(values);
}
