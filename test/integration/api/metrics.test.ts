import type { MetricsAccess } from '../../../src/api/metrics';
import { createPredictor, type DarwinPredictor } from '../../../src/darwin';
import { startTestServer, type TestServer } from '../../support/server';
import { TINY } from '../../unit/darwin/fixtures';

const QUERY = `query ($formulas: [String!]!) {
  compositions(formulas: $formulas) { ... on Composition { predictions(properties: [BAND_GAP, DENSITY]) { value } } }
}`;

describe('/metrics', () => {
  let predictor: DarwinPredictor;
  let server: TestServer;
  beforeAll(async () => {
    predictor = await createPredictor({ folder: TINY, device: 'cpu', workers: 1 });
    server = await startTestServer({ predictor, metrics: predictor });
  });
  afterAll(async () => {
    await server.stop();
    await predictor.close();
  });

  const read = async (headers: Record<string, string> = {}) => fetch(`${server.url}/metrics`, { headers });
  /** Samples by name and labels, as a scraper reads them. */
  const samples = async (): Promise<Record<string, number>> => {
    const lines = (await (await read()).text()).split('\n').filter((line) => line && !line.startsWith('#'));
    return Object.fromEntries(
      lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.split(' ').at(-1))]),
    );
  };

  test('counts rows as inferences, runs as executions, and tells the cache from the model', async () => {
    const formulas = ['GaAs', 'InP', 'ZnO'];
    const { body } = await server.query(QUERY, { formulas });
    expect(body.errors).toBeUndefined();
    const cold = await samples();
    expect(cold).toMatchObject({
      darwin_inferences_total: 6,
      darwin_executions_total: 2,
      darwin_batch_rows_sum: 6,
      darwin_batch_rows_count: 2,
      'darwin_batch_rows_bucket{le="2"}': 0,
      'darwin_batch_rows_bucket{le="4"}': 2,
      'darwin_batch_rows_bucket{le="+Inf"}': 2,
      darwin_cache_hits_total: 0,
      darwin_cache_misses_total: 6,
      darwin_queue_length: 0,
      'darwin_rejections_total{reason="overloaded"}': 0,
      [`darwin_model_info{model="${predictor.model.id}",device="cpu"}`]: 1,
    });
    expect(cold['darwin_execution_compute_seconds_total']).toBeGreaterThan(0);
    expect(cold['darwin_inference_queue_seconds_total']).toBeGreaterThan(0);
    await server.query(QUERY, { formulas });
    expect(await samples()).toMatchObject({ darwin_inferences_total: 6, darwin_cache_hits_total: 6 });
  });

  test('has the delay of the event loop, in the text format of Prometheus', async () => {
    const response = await read();
    expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    const text = await response.text();
    expect(text).toContain('# TYPE nodejs_eventloop_lag_p99_seconds gauge');
    expect(text).toContain('# TYPE darwin_batch_rows histogram');
    expect(text).toContain('# TYPE darwin_inferences_total counter');
  });

  test.each(['forwarded', 'x-forwarded-for', 'x-real-ip', 'via'])(
    'is not there for what a proxy passes on (%s)',
    async (header) => {
      const response = await read({ [header]: '203.0.113.7' });
      expect(response.status).toBe(404);
    },
  );

  test.each<[MetricsAccess, number]>([
    ['off', 404],
    ['local', 404],
    ['on', 200],
  ])('BEAGLE_METRICS=%s answers a reader from elsewhere with %i', async (metrics, status) => {
    const other = await startTestServer({ predictor, metrics: predictor }, { metrics });
    const response = await fetch(`${other.url}/metrics`, { headers: { 'x-forwarded-for': '203.0.113.7' } });
    expect(response.status).toBe(status);
    await other.stop();
  });
});
