import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { context, propagation, trace } from '@opentelemetry/api';
import {
  InMemorySpanExporter,
  NodeTracerProvider,
  SimpleSpanProcessor,
  type ReadableSpan,
} from '@opentelemetry/sdk-trace-node';
import { createPredictor, loadPackage, type DarwinPredictor } from '../../../src/darwin';
import { startTracing } from '../../../src/tracing';
import { InferenceServer } from '../../support/open-inference';
import { startTestServer, type TestServer } from '../../support/server';
import { TINY } from '../../unit/darwin/fixtures';

const query = (formula: string) =>
  `query Gap { composition(formula: "${formula}") { ... on Composition { prediction(property: BAND_GAP) { value } } } }`;

afterEach(() => {
  trace.disable();
  context.disable();
  propagation.disable();
});

describe('spans', () => {
  const exporter = new InMemorySpanExporter();
  let predictor: DarwinPredictor;
  let server: TestServer;
  beforeEach(async () => {
    exporter.reset();
    new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }).register();
    predictor = await createPredictor({ folder: TINY, device: 'cpu', workers: 1 });
    server = await startTestServer({ predictor }, { tracing: true });
  });
  afterEach(async () => {
    await server.stop();
    await predictor.close();
  });

  const named = (name: string): ReadableSpan[] => exporter.getFinishedSpans().filter((span) => span.name === name);
  /** The span of a request ends with its connection's turn, which may come after the answer. */
  async function finished(requests: number): Promise<void> {
    while (named('HTTP POST').length < requests) await new Promise((resolve) => setTimeout(resolve, 5));
  }

  it('lead from the request over the prediction to the run of the model', async () => {
    await server.query(query('GaAs'));
    await finished(1);
    const [request] = named('HTTP POST');
    const [prediction] = named('darwin.predict');
    const [run] = named('darwin.execution');
    expect(request!.attributes).toEqual({
      'http.request.method': 'POST',
      'http.response.status_code': 200,
      'graphql.operation.type': 'query',
      'graphql.operation.name': 'Gap',
    });
    expect(prediction!.parentSpanContext?.spanId).toBe(request!.spanContext().spanId);
    expect(prediction!.attributes).toEqual({ 'darwin.predictions': 1, 'darwin.cached': 0 });
    expect(run!.parentSpanContext?.spanId).toBe(prediction!.spanContext().spanId);
    expect(run!.attributes).toEqual({ 'darwin.rows': 1, 'darwin.device': 'cpu' });
  });

  it('belong to the trace of the caller, and hold no formula', async () => {
    const traceId = '0af7651916cd43dd8448eb211c80319c';
    const traceparent = `00-${traceId}-b7ad6b7169203331-01`;
    await server.post(JSON.stringify({ query: query('Li7La3Zr2O12') }), {
      'content-type': 'application/json',
      traceparent,
    });
    await finished(1);
    const spans = exporter.getFinishedSpans();
    expect(new Set(spans.map((span) => span.spanContext().traceId))).toEqual(new Set([traceId]));
    const told = spans.map(({ name, attributes, events }) => ({ name, attributes, events }));
    expect(JSON.stringify(told)).not.toMatch(/Li7|La3/);
  });

  it('of one run that several wait for are linked', async () => {
    const formulas = ['GaAs', 'InP', 'ZnO', 'TiO2', 'NaCl', 'MgO', 'CdTe', 'AlN'];
    await Promise.all(formulas.map((formula) => server.query(query(formula))));
    await finished(formulas.length);
    const runs = named('darwin.execution');
    const waiting = runs.flatMap((run) => [run.parentSpanContext, ...run.links.map((link) => link.context)]);
    const asked = named('darwin.predict').map((span) => span.spanContext().spanId);
    expect(waiting.map((one) => one!.spanId).sort()).toEqual(asked.sort());
  });

  it('go on at a model elsewhere', async () => {
    const endpoint = await InferenceServer.start(await loadPackage(TINY));
    const elsewhere = await createPredictor({ folder: TINY, endpoint: { url: endpoint.url } });
    const fronted = await startTestServer({ predictor: elsewhere }, { tracing: true });
    await fronted.query(query('GaAs'));
    await finished(1);
    const { traceId, spanId } = named('darwin.execution')[0]!.spanContext();
    expect(endpoint.traceparents.at(-1)).toBe(`00-${traceId}-${spanId}-01`);
    await fronted.stop();
    await elsewhere.close();
    await endpoint.close();
  });
});

describe('a collector', () => {
  let collector: Server;
  const received: { url: string | undefined; body: string }[] = [];
  beforeEach(async () => {
    received.length = 0;
    collector = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.once('end', () => {
        received.push({ url: request.url, body: Buffer.concat(chunks).toString() });
        response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
      });
    });
    collector.listen(0, '127.0.0.1');
    await once(collector, 'listening');
  });
  afterEach(() => void collector.close());

  it('gets the spans where one is named, the last of them at the end', async () => {
    const { port } = collector.address() as AddressInfo;
    expect(await traceOne(`http://127.0.0.1:${port}/`)).toEqual({ code: 0, warnings: '' });
    expect(received.map(({ url }) => url)).toEqual(['/v1/traces']);
    expect(received[0]!.body).toContain('"name":"one"');
    expect(received[0]!.body).toContain('beagle');
  });

  it('that is gone costs spans and a warning, and the process ends as it should', async () => {
    expect(await traceOne('http://127.0.0.1:9')).toEqual({
      code: 0,
      warnings: expect.stringMatching(/^the last traces could not be sent: .*ECONNREFUSED/),
    });
  });

  it('is asked for nothing otherwise', async () => {
    const stop = await startTracing({ otlpEndpoint: null }, () => undefined);
    expect(trace.getTracer('test').startSpan('one').isRecording()).toBe(false);
    await stop();
    expect(received).toEqual([]);
  });
});

/** One span, in a process of its own: the exporter imports Node's http in a way that a test's sandbox does not have. */
async function traceOne(otlpEndpoint: string): Promise<{ code: number; warnings: string }> {
  const script = `
    const { trace } = require('@opentelemetry/api');
    const { startTracing } = require('./src/tracing');
    startTracing({ otlpEndpoint: process.argv[1] }, (message) => process.stderr.write(message)).then(async (stop) => {
      trace.getTracer('test').startSpan('one').end();
      await stop();
    });`;
  const cwd = path.resolve(__dirname, '../../..');
  const child = spawn(process.execPath, ['--import', 'tsx', '-e', script, otlpEndpoint], { cwd });
  let warnings = '';
  child.stderr.on('data', (text: Buffer) => (warnings += text.toString()));
  const [code] = (await once(child, 'close')) as [number];
  return { code, warnings };
}
