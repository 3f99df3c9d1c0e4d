import { getNamedType, isCompositeType, isListType, isNonNullType, type GraphQLOutputType } from 'graphql';
import type { ComplexityEstimator } from 'graphql-query-complexity';

/**
 * Points: one per object returned and one per prediction (a prediction's object is that point). What comes with its owner at no further
 * work (an interval, the conditions, a space group, page information) is part of it and costs nothing. Bounds are static: they hold for
 * the arguments, variables included, before anything has run.
 */
export const MAX_POINTS = 10_000;
export const DEFAULT_PAGE = 20;
export const DEFAULT_LIST = 10;

export type Cost = (options: { readonly args: object; readonly childComplexity: number }) => number;

/** A part of its owner, or a list of parts. */
export const part: Cost = ({ childComplexity }) => childComplexity;

/** A list that one statement makes whole, however long it is: one point for all of it. */
export const whole: Cost = ({ childComplexity }) => 1 + childComplexity;

/** A list of at most `bound` objects. */
export const atMost =
  (bound: number): Cost =>
  ({ childComplexity }) =>
    bound * (1 + childComplexity);

/** A list whose length is that of the list argument `name`. */
export const perItemOf =
  (name: string): Cost =>
  ({ args, childComplexity }) => {
    const items = argument(args, name);
    return (Array.isArray(items) ? items.length : 1) * (1 + childComplexity);
  };

/** A list of `first` objects. */
export const perFirst =
  (fallback: number = DEFAULT_LIST): Cost =>
  ({ args, childComplexity }) =>
    rows(argument(args, 'first'), fallback) * (1 + childComplexity);

/**
 * A connection of `first` or `last` objects. Its `edges` and `nodes` count one row each, so the connection multiplies.
 */
export const connection: Cost = ({ args, childComplexity }) =>
  rows(argument(args, 'first') ?? argument(args, 'last'), DEFAULT_PAGE) * childComplexity;

/** The list fields of a connection: the cost of one row. */
export const row: Cost = ({ childComplexity }) => 1 + childComplexity;

const argument = (args: object, name: string): unknown => (args as Record<string, unknown>)[name];

// A negative or absurd number is refused by the resolver; it must not lower the bound meanwhile.
const rows = (value: unknown, fallback: number): number =>
  typeof value === 'number' && Number.isFinite(value) ? Math.max(1, value) : fallback;

function holdsList(type: GraphQLOutputType): boolean {
  return isListType(type) || (isNonNullType(type) && holdsList(type.ofType));
}

/**
 * Fields without a declared cost: an object is one point, a scalar none. A list of objects has to declare its bound. What the schema says
 * of itself is free: it is the same for everybody, and its depth is bounded.
 */
export const defaultCost: ComplexityEstimator = ({ type, field, childComplexity }) => {
  if (type.name.startsWith('__') || field.name.startsWith('__')) return childComplexity;
  if (!isCompositeType(getNamedType(field.type))) return childComplexity;
  return holdsList(field.type) ? undefined : 1 + childComplexity;
};
