import { createHash } from 'node:crypto';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseFormula } from '../../../src/chemistry';
import { createPredictor, loadPackage, type DarwinPredictor, type PredictorOptions } from '../../../src/darwin';
import type { BeagleError, PredictionResult, PropertyKey } from '../../../src/domain';
import { InferenceServer, type InferenceServerOptions } from '../../support/open-inference';
import { goldenRows, TINY, tinyManifest } from '../../unit/darwin/fixtures';
import { formulas } from './formulas';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

async function serve(options?: InferenceServerOptions): Promise<InferenceServer> {
  const server = await InferenceServer.start(await loadPackage(TINY), options);
  open.push(server);
  return server;
}
async function start(options: Partial<PredictorOptions>): Promise<DarwinPredictor> {
  const predictor = await createPredictor({ folder: TINY, ...options });
  open.push(predictor);
  return predictor;
}

const PROPERTIES: readonly PropertyKey[] = ['BAND_GAP', 'DENSITY', 'IS_METAL'];
const requests = formulas(40).flatMap((formula) =>
  PROPERTIES.map((property) => ({ composition: parseFormula(formula), property })),
);
const ask = (formula: string) => [{ composition: parseFormula(formula), property: 'BAND_GAP' as const }];
const codeOf = (result: PredictionResult | Error | undefined) => (result as BeagleError | undefined)?.code;

async function values(predictor: DarwinPredictor): Promise<unknown[]> {
  const results = await predictor.predict(requests);
  return results.map((result) => {
    if (result instanceof Error) throw result;
    return [result.distribution.value, result.neighbours];
  });
}

describe('a model behind the Open Inference Protocol', () => {
  it.each([
    ['by bytes', { binary: true }, 'application/octet-stream'],
    ['by bytes, without scalars, as Triton', { binary: true, noScalars: true }, 'application/octet-stream'],
    ['in JSON', { binary: false }, 'application/json'],
    ['in JSON, holding its memory itself', { binary: false, holdsMemory: true }, 'application/json'],
  ])('answers as sessions of this process do: %s', async (_, options, contentType) => {
    const [here, server] = await Promise.all([start({ device: 'cpu', workers: 1 }), serve(options)]);
    const there = await start({ endpoint: { url: server.url } });
    expect(there.model).toMatchObject({ id: here.model.id, device: 'remote' });
    expect(await values(there)).toEqual(await values(here));
    expect(new Set(server.seen)).toEqual(new Set([contentType]));
  });

  it('batches across callers as for a session here', async () => {
    const there = await start({ endpoint: { url: (await serve()).url }, workers: 1 });
    await Promise.all(formulas(200).map((formula) => there.predict(ask(formula))));
    const { inferenceCount, executionCount } = there.metrics();
    expect(inferenceCount / executionCount).toBeGreaterThan(16);
  });

  it('is shown its token', async () => {
    const { url } = await serve({ token: 'open sesame' });
    await expect(createPredictor({ folder: TINY, endpoint: { url } })).rejects.toThrow(/cannot be used: 401/);
    const predictor = await start({ endpoint: { url, token: 'open sesame' } });
    expect(codeOf((await predictor.predict(ask('GaAs')))[0])).toBeUndefined();
  });
});

describe('an endpoint that cannot be used is refused at start, with the reason', () => {
  const refused = (url: string, folder = TINY) => createPredictor({ folder, endpoint: { url, timeoutMs: 5000 } });

  it('because nothing listens there', async () => {
    await expect(refused('http://127.0.0.1:9/v2/models/darwin')).rejects.toThrow(
      /^the model endpoint http:\/\/127\.0\.0\.1:9\/v2\/models\/darwin cannot be used: /,
    );
  });

  it('because it has no such model', async () => {
    const { url } = await serve();
    await expect(refused(`${url}-2`)).rejects.toThrow(/cannot be used: 404/);
  });

  it('because its tensors are not those of the package', async () => {
    const { url } = await serve();
    const shipped = path.resolve(__dirname, '../../../models/darwin-0.3.1');
    await expect(refused(url, shipped)).rejects.toThrow(/cannot be used: 400 .*invalid dimensions/);
  });

  it('because its answers are not those of the package', async () => {
    const { url } = await serve();
    const folder = await mkdtemp(path.join(tmpdir(), 'beagle-package-'));
    await cp(TINY, folder, { recursive: true });
    const golden = goldenRows.map((row) => ({
      ...row,
      probabilities: row.probabilities.map((_, bin) => Number(bin === 0)),
    }));
    const text = golden.map((row) => JSON.stringify(row)).join('\n');
    const file = { sha256: createHash('sha256').update(text).digest('hex'), bytes: Buffer.byteLength(text) };
    const manifest = { ...tinyManifest, files: { ...tinyManifest.files, 'golden.jsonl': file } };
    await writeFile(path.join(folder, 'golden.jsonl'), text);
    await writeFile(path.join(folder, 'manifest.json'), JSON.stringify(manifest));
    await expect(refused(url, folder)).rejects.toThrow(
      /cannot be used: its answers are not those of this model package/,
    );
    await rm(folder, { recursive: true });
  });
});

describe('an endpoint that fails', () => {
  async function failing(fault: InferenceServer['fault'], timeoutMs?: number) {
    const server = await serve();
    const messages: string[] = [];
    const predictor = await start({
      endpoint: { url: server.url, timeoutMs },
      log: (message) => void messages.push(message),
    });
    server.seen.length = 0; // what the start asked for
    server.fault = fault;
    return { server, predictor, messages };
  }

  it('once is asked again, and nobody notices', async () => {
    const { server, predictor } = await failing((_, response) => {
      server.fault = null;
      response.writeHead(503).end();
    });
    const [result] = await predictor.predict(ask('GaAs'));
    expect(codeOf(result)).toBeUndefined();
    expect(predictor.metrics()).toMatchObject({ retryCount: 1, inferenceCount: 1 });
  });

  it('by hanging up twice costs MODEL_UNAVAILABLE, and answers again when it is back', async () => {
    const { server, predictor, messages } = await failing((request) => void request.socket.destroy());
    const [result] = await predictor.predict(ask('GaAs'));
    expect(codeOf(result)).toBe('MODEL_UNAVAILABLE');
    expect(server.seen).toHaveLength(2);
    server.fault = null;
    expect(codeOf((await predictor.predict(ask('GaAs')))[0])).toBeUndefined();
    expect(messages).toEqual([
      expect.stringContaining('the model endpoint does not answer: '),
      'the model endpoint answers again',
    ]);
  });

  it('by silence costs MODEL_UNAVAILABLE after the timeout, not twice that', async () => {
    const { server, predictor, messages } = await failing(() => undefined, 200);
    const [result] = await predictor.predict(ask('GaAs'));
    expect(codeOf(result)).toBe('MODEL_UNAVAILABLE');
    expect(server.seen).toHaveLength(1);
    expect(messages).toEqual(['the model endpoint does not answer: no answer within 200 ms']);
  });

  it.each([
    ['a refusal', 400, {}, '{"error":"no"}', '400 {"error":"no"}'],
    ['a page', 200, {}, '<html>', 'the answer is not JSON'],
    ['no outputs', 200, {}, '{}', 'the answer has no outputs'],
    ['too few numbers', 200, {}, output([0.5], [1, 128]), 'probabilities does not hold the 128 numbers of its shape'],
    ['too few rows', 200, {}, output([], [0, 128]), 'for 1 rows'],
    ['another datatype', 200, {}, output([1], [1], 'BF16'), 'probabilities is of a datatype that is not expected'],
    ['a length that is none', 200, { 'inference-header-content-length': '1e9' }, '{}', 'is 1e9 in an answer of 2 bytes'],
  ] as const)('by answering %s costs MODEL_UNAVAILABLE; the reason is in the log alone', async (_, status, headers, body, reason) => {
    const { predictor, messages } = await failing((_request, response) => response.writeHead(status, headers).end(body));
    const [result] = await predictor.predict(ask('GaAs'));
    expect(result).toMatchObject({ code: 'MODEL_UNAVAILABLE', message: 'the model is not available at the moment' });
    expect(messages).toEqual([expect.stringContaining(reason)]);
  }); // prettier-ignore

  it('leaves nothing behind when the predictor is closed meanwhile', async () => {
    const { predictor } = await failing(() => undefined);
    const pending = predictor.predict(ask('GaAs'));
    await new Promise((resolve) => setTimeout(resolve, 50));
    await predictor.close();
    expect(codeOf((await pending)[0])).toBe('MODEL_UNAVAILABLE');
    expect(codeOf((await predictor.predict(ask('InP')))[0])).toBe('MODEL_UNAVAILABLE');
  });
});

function output(data: readonly number[], shape: readonly number[], datatype = 'FP32'): string {
  return JSON.stringify({ outputs: [{ name: 'probabilities', datatype, shape, data }] });
}
