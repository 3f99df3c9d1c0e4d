import {
  getEnterLeaveForKind,
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

const estimators = [fieldExtensionsEstimator(), defaultCost];

/**
 * The points that an operation costs at most; its variables fit their types. The library's rule works it out when it enters the operation,
 * and is entered here alone: its `getComplexity` also walks the whole document with the types of all its nodes, twice the work.
 */
export function staticCost(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Record<string, unknown>,
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
