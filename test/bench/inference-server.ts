import { fork } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expressMiddleware } from '@as-integrations/express5';
import express from 'express';
import { isObjectType, type GraphQLSchema } from 'graphql';
import { pino } from 'pino';
import { createSchema } from '../../schema';
import { contextFactory, type Services as ApiServices } from '../../src/api/context';
import { createGraphQLServer } from '../../src/api/graphql';
import { BODY_LIMIT_BYTES, startServer } from '../../src/api/server';
import { createPredictor, type DarwinPredictor, type PredictorOptions } from '../../src/darwin';
import { openDatabase } from '../../src/data';
import { servicesOver } from '../../src/services';
import { EVERYBODY } from '../support/server';

const QUERY = `query Page($formulas: [String!]!) {
  compositions(formulas: $formulas) {
    ... on Composition {
      formula
      predictions(properties: [BAND_GAP, DENSITY]) { value unit interval { lower upper } }
    }
  }
}`;

const logger = pino({ level: 'silent' });

interface Answers {
  /** Of each request, ms. */
  readonly ms: readonly number[];
  readonly bytes: number;
  readonly problem: string | null;
  readonly text: string;
}

/** Asks from another process. */
export class HttpClient {
  private readonly child = fork(path.join(__dirname, 'http-client.cjs'), { execArgv: [] });

  constructor(
    private readonly url: string,
    private readonly headers: Record<string, string> = {},
  ) {}

  async post(query: string, variables: object = {}, repeat = 1, everyMs = 0): Promise<Answers> {
    const answer = new Promise<Answers>((resolve) => this.child.once('message', (m) => resolve(m as Answers)));
    const { url, headers } = this;
    this.child.send({ url, headers, body: JSON.stringify({ query, variables }), repeat, everyMs });
    const answers = await answer;
    if (answers.problem) throw new Error(`the server answered ${answers.problem}`);
    return answers;
  }

  page(formulas: readonly string[], repeat = 1): Promise<Answers> {
    return this.post(QUERY, { formulas }, repeat);
  }

  close(): void {
    this.child.kill();
  }
}

/** The whole server as `npm start` makes it (its own Postgres, its own sessions); everybody may ask without end. */
export class BenchServer {
  private constructor(
    readonly predictor: DarwinPredictor,
    readonly statements: string[],
    readonly url: string,
    private readonly services: ApiServices,
    private readonly stop: () => Promise<void>,
  ) {}

  static async start(options: PredictorOptions): Promise<BenchServer> {
    const dataFolder = await mkdtemp(path.join(tmpdir(), 'beagle-bench-'));
    const statements: string[] = [];
    const onStatement = (sql: string) => void statements.push(sql);
    const database = await openDatabase({ url: null, dataFolder, log: logger, onStatement });
    const predictor = await createPredictor({ ...options, store: database.predictions });
    const services = await servicesOver(database, predictor);
    const dependencies = { ...services, access: { ...services.access, identify: async () => EVERYBODY } };
    const server = await startServer(
      { ...dependencies, logger, checkReady: async () => {} },
      { host: '127.0.0.1', port: 0, operationTimeoutMs: 600_000, drainTimeoutMs: 1000, metrics: 'off' },
    );
    return new BenchServer(predictor, statements, `${server.url}/graphql`, dependencies, async () => {
      await server.stop();
      await services.close();
      await rm(dataFolder, { recursive: true, force: true });
    });
  }

  /** The same query through the same GraphQL server over resolvers that return what `answer` holds: `[url, close]`. */
  async constantServer(answer: string): Promise<readonly [url: string, close: () => Promise<void>]> {
    const graphql = createGraphQLServer(constantSchema(answer), logger);
    await graphql.start();
    const createContext = contextFactory(this.services);
    const app = express();
    const context = async () => createContext({ principal: EVERYBODY }, new AbortController().signal);
    app.use('/graphql', express.json({ limit: BODY_LIMIT_BYTES }), expressMiddleware(graphql, { context }));
    const listening = app.listen(0, '127.0.0.1');
    await new Promise((resolve) => listening.once('listening', resolve));
    const { port } = listening.address() as AddressInfo;
    return [
      `http://127.0.0.1:${port}/graphql`,
      async () => {
        listening.closeAllConnections();
        await new Promise((resolve) => listening.close(resolve));
        await graphql.stop();
      },
    ];
  }

  close(): Promise<void> {
    return this.stop();
  }
}

function constantSchema(answer: string): GraphQLSchema {
  const schema = createSchema();
  // `elements` is what tells a composition from an unreadable formula.
  type Page = { compositions: { formula: string; predictions: Record<string, unknown>[]; elements?: unknown }[] };
  const { compositions } = (JSON.parse(answer) as { data: Page }).data;
  for (const composition of compositions) composition.elements = [];
  const [composition] = compositions;
  const [prediction] = composition!.predictions;
  const constants: Record<string, object> = {
    Query: { compositions },
    Composition: { formula: composition!.formula, predictions: composition!.predictions },
    Prediction: prediction!,
    Interval: prediction!['interval'] as object,
  };
  for (const [name, values] of Object.entries(constants)) {
    const type = schema.getType(name);
    if (!isObjectType(type)) throw new Error(`the schema has no type ${name}`);
    for (const [field, value] of Object.entries(values)) type.getFields()[field]!.resolve = () => value as unknown;
  }
  return schema;
}
