import {
  getEnterLeaveForKind,
  getVariableValues,
  Kind,
  TypeInfo,
  ValidationContext,
  type DocumentNode,
  type GraphQLError,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql';
import { createComplexityRule, fieldExtensionsEstimator } from 'graphql-query-complexity';
import { defaultCost } from '../../../schema';

type Variables = Readonly<Record<string, unknown>>;

/** Of one document, and the length of the variables' JSON: what is asked again and again (a poll, a page that many open) is short. */
const MOST_KEPT = 10;
const LONGEST_KEPT = 500;

/** Of the documents that Apollo keeps parsed, the points by operation and variables. */
const kept = new WeakMap<DocumentNode, Map<string, number>>();

/** The points that an operation costs at most; null if its variables do not fit their types. */
export function staticCost(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Variables,
): number | null {
  let ofDocument = kept.get(document);
  if (!ofDocument) kept.set(document, (ofDocument = new Map()));
  const key = keyOf(operation, variables);
  const known = key === null ? undefined : ofDocument.get(key);
  if (known !== undefined) return known;
  // One error is enough: there may be as many as values.
  if (getVariableValues(schema, operation.variableDefinitions ?? [], variables, { maxErrors: 1 }).errors) return null;
  const points = analysed(schema, document, operation, variables);
  if (key !== null) {
    if (ofDocument.size >= MOST_KEPT) ofDocument.clear();
    ofDocument.set(key, points);
  }
  return points;
}

function keyOf({ name }: OperationDefinitionNode, variables: Variables): string | null {
  try {
    const key = `${name?.value ?? ''} ${JSON.stringify(variables)}`;
    return key.length <= LONGEST_KEPT ? key : null;
  } catch {
    // Deeper than the stack.
    return null;
  }
}

const estimators = [fieldExtensionsEstimator(), defaultCost];

/**
 * The library's rule works everything out when it enters the operation, and is entered here alone: its `getComplexity` also walks the
 * whole document with the types of all its nodes, twice the work.
 */
function analysed(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Variables,
): number {
  let points = 0;
  const errors: GraphQLError[] = [];
  const context = new ValidationContext(schema, document, new TypeInfo(schema), (error) => errors.push(error));
  const rule = createComplexityRule({
    maximumComplexity: Infinity,
    estimators,
    variables,
    onComplete: (complexity) => (points = complexity),
  })(context);
  const { enter, leave } = getEnterLeaveForKind(rule, Kind.OPERATION_DEFINITION);
  const place = [operation, undefined, undefined, [], []] as const;
  enter?.call(rule, ...place);
  leave?.call(rule, ...place);
  if (errors[0]) throw errors[0];
  return points;
}
