import {
  ClientAskDocument,
  ClientCampaignDocument,
  ClientCreateCampaignDocument,
  ClientDiscoverDocument,
  ClientMaterialDocument,
  ClientMaterialsDocument,
  ClientPredictDocument,
  ClientPropertiesDocument,
  type ClientAskQuery,
  type ClientCampaignFragment,
  type ClientDiscoverQuery,
  type ClientMaterialFragment,
  type ClientMaterialQuery,
  type ClientPredictQuery,
  type ClientPropertiesQuery,
  type ConditionsInput,
  type CreateCampaignInput,
  type DiscoverInput,
  type MaterialFilter,
  type MaterialOrder,
  type PropertyKey,
} from './generated/graphql';
import { BeagleRequestError, createTransport, type ClientOptions, type Execute } from './transport';

export * from './transport';
export type * from './generated/graphql';

export type Material = ClientMaterialFragment;
export type Candidate = ClientDiscoverQuery['discover']['nodes'][number];
export type DiscoverySummary = ClientDiscoverQuery['discover']['summary'];
export type Campaign = ClientCampaignFragment;
export type Answered = ClientAskQuery['ask'];
export type Property = ClientPropertiesQuery['properties'][number];
type AnsweredComposition = Extract<ClientPredictQuery['compositions'][number], { __typename: 'Composition' }>;
export type Prediction = NonNullable<AnsweredComposition['predictions'][number]>;

/** One formula with its predictions, in the order of the properties asked for. */
export type PredictionRow =
  | {
      readonly input: string;
      readonly formula: string;
      readonly predictions: readonly (Prediction | null)[];
      /** Why a prediction is null, at its place. */
      readonly problems: readonly (string | null)[];
    }
  | { readonly input: string; readonly formula: null; readonly problem: string; readonly position: number | null };

export interface PredictOptions {
  readonly conditions?: ConditionsInput;
  /** `id` of one of the server's models. */
  readonly model?: string;
  /** Probability of the interval. Default 0.9. */
  readonly level?: number;
  /** With the nearest training compositions; costs a point more for each prediction. */
  readonly evidence?: boolean;
  readonly signal?: AbortSignal;
}

interface Paging {
  /** Stop after this many; without it everything there is. */
  readonly limit?: number;
  readonly signal?: AbortSignal;
}

export interface BeagleClient {
  /** Any operation of the contract, typed by its document (graphql-codegen with `documentMode: 'string'`). */
  readonly execute: Execute;
  properties(signal?: AbortSignal): Promise<readonly Property[]>;
  /** The catalogue, page after page as they are consumed. */
  materials(query?: { filter?: MaterialFilter; orderBy?: MaterialOrder[] } & Paging): AsyncGenerator<Material>;
  material(id: string, signal?: AbortSignal): Promise<ClientMaterialQuery['material']>;
  /** Any number of formulas, in order, in as many requests as the points of one operation demand. */
  predict(
    formulas: readonly string[],
    properties: readonly PropertyKey[],
    options?: PredictOptions,
  ): AsyncGenerator<PredictionRow>;
  /** A plain question; `understood` is false, and `text` says why, where it cannot be answered. */
  ask(question: string, signal?: AbortSignal): Promise<Answered>;
  /** A ranking, best first, page after page as they are consumed. */
  discover(input: DiscoverInput, paging?: Paging): AsyncGenerator<Candidate>;
  /** @throws BeagleRequestError with the code of the refusal. */
  createCampaign(input: CreateCampaignInput, signal?: AbortSignal): Promise<Campaign>;
  campaign(id: string, signal?: AbortSignal): Promise<Campaign | null>;
}

const PAGE = 100;
/** Bounds of the contract: formulas of one request, and points of one operation. */
const MAX_FORMULAS = 1_000;
const MAX_POINTS = 10_000;

/** A client for Node 20 or newer, Deno, Bun and browsers: nothing but `fetch` is needed. */
export function createBeagleClient(options: ClientOptions): BeagleClient {
  const execute = createTransport(options);

  return {
    execute,

    async properties(signal) {
      return (await execute(ClientPropertiesDocument, {}, { signal })).data.properties;
    },

    materials: ({ filter, orderBy, limit, signal } = {}) =>
      pages(limit, async (first, after) => {
        const { data } = await execute(ClientMaterialsDocument, { filter, orderBy, first, after }, { signal });
        return data.materials;
      }),

    async material(id, signal) {
      return (await execute(ClientMaterialDocument, { id }, { signal })).data.material;
    },

    async *predict(formulas, properties, { conditions, model, level = 0.9, evidence = false, signal } = {}) {
      // A point for the composition, for each prediction, and for each evidence.
      const points = 1 + properties.length * (evidence ? 2 : 1);
      const size = Math.max(1, Math.min(MAX_FORMULAS, Math.floor(MAX_POINTS / points)));
      for (let start = 0; start < formulas.length; start += size) {
        const chunk = formulas.slice(start, start + size);
        const variables = { formulas: chunk, properties: [...properties], conditions, model, level, evidence };
        const { data, errors } = await execute(ClientPredictDocument, variables, { signal });
        // compositions.<row>.predictions.<column>
        const problems = new Map(errors.map((error) => [`${error.path[1]}.${error.path[3]}`, error.message]));
        yield* data.compositions.map((result, row) => predictionRow(chunk[row] ?? '', result, row, problems));
      }
    },

    async ask(question, signal) {
      return (await execute(ClientAskDocument, { question }, { signal })).data.ask;
    },

    discover: (input, { limit, signal } = {}) =>
      pages(limit, async (first, after) => {
        return (await execute(ClientDiscoverDocument, { input, first, after }, { signal })).data.discover;
      }),

    async createCampaign(input, signal) {
      const repeatable = input.idempotencyKey != null;
      const { data } = await execute(ClientCreateCampaignDocument, { input }, { signal, repeatable });
      const result = data.createCampaign;
      if (result.__typename === 'CampaignSuccess') return result.campaign;
      throw new BeagleRequestError(result.message, result.code, 'fields' in result ? result.fields : []);
    },

    async campaign(id, signal) {
      return (await execute(ClientCampaignDocument, { id }, { signal })).data.campaign;
    },
  };
}

function predictionRow(
  input: string,
  result: ClientPredictQuery['compositions'][number],
  row: number,
  problems: ReadonlyMap<string, string>,
): PredictionRow {
  if (result.__typename === 'InvalidFormulaError')
    return { input, formula: null, problem: result.message, position: result.position };
  return {
    input,
    formula: result.formula,
    predictions: result.predictions,
    problems: result.predictions.map((_, column) => problems.get(`${row}.${column}`) ?? null),
  };
}

interface Page<T> {
  readonly nodes: readonly T[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}

async function* pages<T>(
  limit: number = Infinity,
  fetchPage: (first: number, after: string | null) => Promise<Page<T>>,
): AsyncGenerator<T> {
  let after: string | null = null;
  for (let left = limit; left > 0;) {
    const page: Page<T> = await fetchPage(Math.min(PAGE, left), after);
    yield* page.nodes;
    left -= page.nodes.length;
    if (!page.pageInfo.hasNextPage) return;
    after = page.pageInfo.endCursor;
  }
}
