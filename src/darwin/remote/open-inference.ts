import { readFile } from 'node:fs/promises';
import type { ModelRuntime, Run, RunOutput } from '../runtime';
import { modelUnavailable, RunLostError } from '../runtime';
import { packRun } from '../session/pack';
import type { MemoryInput } from '../session/protocol';
import { DATATYPES, modelMetadata, serverMetadata, signatureOf, type ModelSignature } from './endpoint';
import { describe, mayBeTriedAgain, reasonOf, request, type RequestOptions } from './http';
import { decodeResponse, encodeRequest, ProtocolError, tensorData, type WireTensor } from './tensors';

export interface EndpointOptions extends RequestOptions {
  /** Of the model: `https://host/v2/models/darwin`, with `/versions/3` if the server is not to choose. */
  readonly url: string;
}

export interface OpenInferenceOptions extends EndpointOptions {
  /** Runs under way at a time. */
  readonly concurrency: number;
  /** Memory inputs of each property, by its index. */
  readonly memory: readonly (readonly MemoryInput[])[];
  readonly bins: number;
  /** Rows whose answers are known: the endpoint must give them, so that it is known to run this model. */
  readonly probes: readonly { readonly run: Run; readonly probabilities: readonly number[] }[];
  readonly log: (message: string) => void;
}

/** A probability of a probe may differ by this much: half precision and another machine's rounding, not another model. */
const PROBE_TOLERANCE = 0.01;

/** The model behind a server that speaks the Open Inference Protocol v2 over HTTP (KServe, Triton and others). */
export class OpenInferenceRuntime implements ModelRuntime {
  readonly device = 'remote';
  private readonly requests = new Set<AbortController>();
  private closed = false;
  private lastId = 0;
  private answering = true;

  private constructor(
    private readonly options: OpenInferenceOptions,
    private readonly signature: ModelSignature,
    private readonly binary: boolean,
    private readonly memory: readonly (readonly WireTensor[])[],
  ) {}

  /** @throws Error with the reason if the endpoint does not answer, or has another model than the package */
  static async connect(options: OpenInferenceOptions): Promise<OpenInferenceRuntime> {
    const url = options.url.replace(/\/+$/, '');
    try {
      const server = await describe(url.replace(/\/models\/.*$/, ''), serverMetadata, options);
      const model = await describe(url, modelMetadata, options);
      const signature = signatureOf(model, options.memory[0] ?? [], options.bins);
      await request(`${url}/ready`, options);
      const memory = signature.takesMemory ? await readMemory(options.memory) : options.memory.map(() => []);
      const binary = server.extensions.includes('binary_tensor_data');
      const runtime = new OpenInferenceRuntime({ ...options, url }, signature, binary, memory);
      await runtime.probe();
      return runtime;
    } catch (error) {
      throw new Error(`the model endpoint ${url} cannot be used: ${reasonOf(error)}`, { cause: error });
    }
  }

  get concurrency(): number {
    return this.options.concurrency;
  }

  async run(run: Run): Promise<RunOutput> {
    if (this.closed) throw modelUnavailable('it has been shut down');
    try {
      const output = await this.infer(run);
      if (!this.answering) this.options.log('the model endpoint answers again');
      this.answering = true;
      return output;
    } catch (error) {
      const reason = reasonOf(error);
      if (this.answering) this.options.log(`the model endpoint does not answer: ${reason}`);
      this.answering = false;
      throw mayBeTriedAgain(error) ? new RunLostError(reason) : modelUnavailable(reason);
    }
  }

  async close(): Promise<void> {
    this.closed = true;
    for (const controller of this.requests) controller.abort(new Error('it has been shut down'));
  }

  private async infer(run: Run): Promise<RunOutput> {
    const start = performance.now();
    const encoded = encodeRequest(this.inputsOf(run), this.signature.outputs, this.binary);
    const controller = new AbortController();
    this.requests.add(controller);
    const answer = await request(`${this.options.url}/infer`, this.options, encoded, controller).finally(() =>
      this.requests.delete(controller),
    );
    const outputs = decodeResponse(answer.body, answer.headers.get('inference-header-content-length'));
    const probabilities = this.output(outputs, 'probabilities', Float32Array, run.rows.length);
    if (!probabilities) throw new ProtocolError('the answer has no probabilities');
    if (probabilities.length !== run.rows.length * this.options.bins) {
      throw new ProtocolError(`${probabilities.length} probabilities for ${run.rows.length} rows`);
    }
    return {
      probabilities,
      columns: this.options.bins,
      neighbours: this.output(outputs, 'neighbours', BigInt64Array, run.rows.length),
      neighbourWeights: this.output(outputs, 'neighbourWeights', Float32Array, run.rows.length),
      computeMs: performance.now() - start,
    };
  }

  private inputsOf(run: Run): WireTensor[] {
    const { instruction, tokens, numbers, rows, length, property } = packRun(run, ++this.lastId);
    const shape = [rows, length];
    return [
      { name: 'instruction', datatype: 'INT64', shape: [instruction.length], data: instruction },
      { name: 'tokens', datatype: 'INT64', shape, data: tokens },
      { name: 'numbers', datatype: 'FP32', shape, data: numbers },
      {
        name: 'property',
        datatype: 'INT64',
        shape: this.signature.propertyShape,
        data: BigInt64Array.of(BigInt(property)),
      },
      ...this.memory[property]!,
    ];
  }

  private output<T extends WireTensor['data']>(
    outputs: ReadonlyMap<string, WireTensor>,
    name: string,
    type: abstract new (...args: never[]) => T,
    rows: number,
  ): T | null {
    const tensor = outputs.get(name);
    if (!tensor) return null;
    if (!(tensor.data instanceof type) || tensor.shape[0] !== rows) {
      throw new ProtocolError(`${name} is ${tensor.datatype} of shape [${tensor.shape.join(', ')}] for ${rows} rows`);
    }
    return tensor.data;
  }

  private async probe(): Promise<void> {
    for (const { run, probabilities } of this.options.probes) {
      const found = await this.infer(run);
      const differs = probabilities.some(
        (expected, k) => !(Math.abs(found.probabilities[k]! - expected) <= PROBE_TOLERANCE),
      );
      if (differs) throw new Error('its answers are not those of this model package: it runs another version');
    }
  }
}

async function readMemory(memory: OpenInferenceOptions['memory']): Promise<WireTensor[][]> {
  const files = new Map<string, Buffer>();
  for (const { path } of memory.flat()) if (!files.has(path)) files.set(path, await readFile(path));
  return memory.map((inputs) =>
    inputs.map(({ name, type, shape, path, offset }) => {
      const datatype = DATATYPES[type];
      return { name, datatype, shape, data: tensorData(datatype, shape, files.get(path)!.subarray(offset)) };
    }),
  );
}
