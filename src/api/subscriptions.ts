import {
  createSourceEventStream,
  execute,
  getOperationAST,
  getVariableValues,
  GraphQLError,
  OperationTypeNode,
  parse,
  specifiedRules,
  validate,
  type DocumentNode,
  type ExecutionArgs,
  type ExecutionResult,
  type GraphQLSchema,
} from 'graphql';
import type { Logger } from 'pino';
import { BeagleError } from '../domain';
import { MAX_POINTS } from '../../schema';
import type { Caller, CreateContext, ServerContext } from './context';
import { createErrorFormatter } from './errors';
import { staticCost } from './plugins/static-cost';
import { MAX_TOKENS, operationLimits } from './rules/operation-limits';
import { checkVariableTexts, textLimits } from './rules/texts';

export interface SubscriptionRequest {
  readonly query?: string | null;
  readonly variables?: Record<string, unknown> | null;
  readonly operationName?: string | null;
}

/** What both transports do with a subscription: check and charge it, then execute its selection for every event. */
export class Subscriptions {
  private readonly format: (error: GraphQLError, requestId: string | undefined) => GraphQLError;
  private readonly running = new Set<AbortController>();

  constructor(
    private readonly schema: GraphQLSchema,
    private readonly createContext: CreateContext,
    logger: Logger,
  ) {
    const format = createErrorFormatter(logger);
    this.format = (error, requestId) => {
      const { message, extensions } = format(error.toJSON(), error, requestId);
      return new GraphQLError(message, { nodes: error.nodes, path: error.path, extensions });
    };
  }

  /** The subscription, or why there is none: the same rules and prices as over HTTP. */
  async prepare(caller: Caller, request: SubscriptionRequest): Promise<ExecutionArgs | readonly GraphQLError[]> {
    const { requestId } = caller;
    try {
      const document = parse(request.query ?? '', { maxTokens: MAX_TOKENS });
      const rules = [operationLimits, textLimits, ...specifiedRules];
      const errors = validate(this.schema, document, rules, { maxErrors: 10 });
      if (errors.length > 0) return errors.map((error) => this.format(asRequestError(error), requestId));
      const args = this.argumentsOf(document, request, caller);
      await (args.contextValue as ServerContext).account.chargePoints(this.cost(args));
      return args;
    } catch (error) {
      if (error instanceof GraphQLError) return [this.format(asRequestError(error), requestId)];
      return [this.format(new GraphQLError((error as Error).message, { originalError: error as Error }), requestId)];
    }
  }

  /** @returns the results, one an event; or the one result that says why there are none */
  async run(args: ExecutionArgs): Promise<ExecutionResult | AsyncIterableIterator<ExecutionResult>> {
    const { principal, requestId } = args.contextValue as ServerContext;
    const caller = { principal, requestId };
    const abort = new AbortController();
    const stream = await createSourceEventStream({
      ...args,
      contextValue: this.createContext(caller, abort.signal),
    });
    if (!(Symbol.asyncIterator in stream)) return this.masked(stream, requestId);
    this.running.add(abort);
    const events = stream[Symbol.asyncIterator]();
    const end = async (): Promise<IteratorResult<ExecutionResult>> => {
      abort.abort(new Error('the subscriber has gone'));
      this.running.delete(abort);
      return { done: true, value: undefined };
    };
    const results: AsyncIterableIterator<ExecutionResult> = {
      [Symbol.asyncIterator]: () => results,
      next: async () => {
        try {
          const { done, value } = await events.next();
          if (done) return await end();
          // Loaders remember what they have read: each event gets new ones.
          const contextValue = this.createContext(caller, abort.signal);
          const result = await execute({ ...args, rootValue: value, contextValue });
          return abort.signal.aborted ? await end() : { done: false, value: this.masked(result, requestId) };
        } catch (error) {
          if (abort.signal.aborted) return end();
          await end();
          const failure = new GraphQLError((error as Error).message, { originalError: error as Error });
          return { done: false, value: this.masked({ errors: [failure] }, requestId) };
        }
      },
      return: async () => {
        void events.return?.();
        return end();
      },
      throw: end,
    };
    return results;
  }

  /** Ends what is running: the clients subscribe again, elsewhere or later. */
  close(): void {
    for (const abort of this.running) abort.abort(new Error('the server is stopping'));
  }

  private argumentsOf(document: DocumentNode, request: SubscriptionRequest, caller: Caller): ExecutionArgs {
    const operationName = request.operationName ?? null;
    const operation = getOperationAST(document, operationName);
    if (operation?.operation !== OperationTypeNode.SUBSCRIPTION)
      throw new GraphQLError('only a subscription is answered here: send queries and mutations to /graphql over HTTP');
    const variableValues = request.variables ?? {};
    checkVariableTexts(operation, variableValues);
    const { errors } = getVariableValues(this.schema, operation.variableDefinitions ?? [], variableValues, {
      maxErrors: 10,
    });
    if (errors) throw errors[0]!;
    const contextValue = this.createContext(caller, new AbortController().signal);
    return { schema: this.schema, document, operationName, variableValues, contextValue };
  }

  private cost({ schema, document, operationName, variableValues }: ExecutionArgs): number {
    const operation = getOperationAST(document, operationName)!;
    const requested = staticCost(schema, document, operation, variableValues ?? {}) ?? 0;
    if (requested <= MAX_POINTS) return Math.max(1, requested);
    const message = `an event costs up to ${requested} points; at most ${MAX_POINTS} are allowed: ask for fewer objects at once`;
    throw new BeagleError('COST_LIMIT_EXCEEDED', message, [], { requested, limit: MAX_POINTS });
  }

  private masked(result: ExecutionResult, requestId: string | undefined): ExecutionResult {
    if (!result.errors) return result;
    return { ...result, errors: result.errors.map((error) => this.format(error, requestId)) };
  }
}

/** What graphql-js says of a request's own text may be shown (src/api/errors.ts). */
const asRequestError = (error: GraphQLError): GraphQLError =>
  new GraphQLError(error.message, { nodes: error.nodes, extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } });
