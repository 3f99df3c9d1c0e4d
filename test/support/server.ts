import { createLogger } from '../../src/log';
import { startServer, type RunningServer, type ServerDependencies, type ServerOptions } from '../../src/api/server';
import type { AccessServices } from '../../src/api/context';
import {
  ANONYMOUS_OWNER,
  SCOPES,
  type Asker,
  type CampaignLoop,
  type Campaigns,
  type Discovery,
  type Exports,
  type Keys,
  type MaterialImporter,
  type MeasurementRecorder,
  type Principal,
  type Webhooks,
} from '../../src/domain';
import { FakeEvidence } from './evidence';
import { FakeCatalog, FakePredictor } from './fakes';

export interface GraphQLAnswer {
  readonly status: number;
  /** `extensions.cost`, which every answer has; not in `body`. */
  readonly cost?: Readonly<Record<string, unknown>>;
  readonly headers: Headers;
  // The shape is what the test is about to check.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly body: any;
}

export interface TestServer extends RunningServer {
  query(query: string, variables?: Record<string, unknown>): Promise<GraphQLAnswer>;
  post(body: string, headers?: Record<string, string>): Promise<GraphQLAnswer>;
  /** What was logged, one parsed line each. */
  readonly log: readonly Record<string, unknown>[];
}

export const EVERYBODY: Principal = {
  kind: 'anonymous',
  keyId: null,
  ownerId: ANONYMOUS_OWNER,
  scopes: new Set(SCOPES),
  pointsPerMinute: 1e6,
  predictionsPerDay: 1e8,
  campaigns: { concurrent: 1000, candidates: 1e7 },
};

const json = { 'content-type': 'application/json' };

/** Everybody may do everything, and nothing runs out. */
export function freeAccess(principal: Principal = EVERYBODY): AccessServices {
  const all = (limit: number) => async () => ({ limit, remaining: limit, resetAt: new Date(60_000) });
  const [points, predictions] = [all(principal.pointsPerMinute), all(principal.predictionsPerDay)];
  return {
    identify: async () => principal,
    limits: { chargePoints: points, points, chargePredictions: predictions, predictions },
    keys: undefined as unknown as Keys,
    usage: { add: () => {} },
  };
}

/** A server over HTTP on a free port, with whatever dependencies a test gives it. */
export async function startTestServer(
  dependencies: Partial<ServerDependencies> = {},
  options: Partial<ServerOptions> = {},
): Promise<TestServer> {
  const log: Record<string, unknown>[] = [];
  const logger = createLogger('info', { write: (line: string) => void log.push(JSON.parse(line)) });
  const predictor = dependencies.predictor ?? new FakePredictor();
  const catalog = dependencies.catalog ?? new FakeCatalog();
  const server = await startServer(
    {
      catalog,
      predictor,
      discovery: undefined as unknown as Discovery,
      asker: undefined as unknown as Asker,
      campaigns: undefined as unknown as Campaigns & CampaignLoop,
      exports: undefined as unknown as Exports,
      webhooks: undefined as unknown as Webhooks,
      importer: undefined as unknown as MaterialImporter,
      recorder: undefined as unknown as MeasurementRecorder,
      evidence: new FakeEvidence(),
      logger,
      access: freeAccess(),
      checkReady: async () => {},
      ...dependencies,
    },
    { host: '127.0.0.1', port: 0, operationTimeoutMs: 60_000, drainTimeoutMs: 5_000, metrics: 'local', ...options },
  );
  const post = async (body: string, headers: Record<string, string> = json): Promise<GraphQLAnswer> => {
    const response = await fetch(`${server.url}/graphql`, { method: 'POST', headers, body });
    // eslint-disable-next-line @typescript-eslint/no-explicit-any
    const answer: any = await response.json();
    const { extensions: { cost, ...extensions } = {}, ...result } = answer;
    const rest = Object.keys(extensions).length > 0 ? { extensions } : {};
    return { status: response.status, headers: response.headers, cost, body: { ...result, ...rest } };
  };
  return { ...server, log, post, query: (query, variables) => post(JSON.stringify({ query, variables })) };
}
