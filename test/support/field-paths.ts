import {
  getNamedType,
  isCompositeType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isObjectType,
  isUnionType,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLObjectType,
  type GraphQLSchema,
} from 'graphql';
import { toGlobalId } from '../../schema';

type Field = GraphQLField<unknown, unknown>;

/** One field of one type, and the shortest way to it from a root. */
export interface FieldPath {
  /** `Type.field` */
  readonly name: string;
  readonly kind: 'query' | 'mutation' | 'subscription';
  /** Every field on the way, the last one included. */
  readonly steps: readonly { readonly type: GraphQLObjectType; readonly field: Field }[];
  /** An operation that selects it, with the arguments it cannot do without. */
  readonly operation: string;
}

/** Every field of every type that an operation can reach. */
export function fieldPaths(schema: GraphQLSchema): readonly FieldPath[] {
  const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];
  const kinds = ['query', 'mutation', 'subscription'] as const;
  const found: FieldPath[] = [];
  const seen = new Set<string>();
  let here = roots.flatMap((type, i) => (type ? [{ type, kind: kinds[i]!, steps: [] as FieldPath['steps'] }] : []));
  for (const { type } of here) seen.add(type.name);
  while (here.length > 0) {
    const next: typeof here = [];
    for (const { type, kind, steps } of here) {
      for (const field of Object.values(type.getFields())) {
        const through = [...steps, { type, field }];
        found.push({
          name: `${type.name}.${field.name}`,
          kind,
          steps: through,
          operation: `${kind} { ${selection(through)} }`,
        });
        for (const below of objectTypes(schema, field)) {
          if (seen.has(below.name)) continue;
          seen.add(below.name);
          next.push({ type: below, kind, steps: through });
        }
      }
    }
    here = next;
  }
  return found;
}

/** Not by way of an interface: `node(id)` is open to all and finds nothing, so that nothing behind it would be asked for. */
function objectTypes(schema: GraphQLSchema, field: Field): readonly GraphQLObjectType[] {
  const type = getNamedType(field.type);
  if (isObjectType(type)) return [type];
  return isUnionType(type) ? schema.getPossibleTypes(type) : [];
}

function selection([first, ...rest]: FieldPath['steps']): string {
  const { field } = first!;
  const required = field.args.filter(({ type, defaultValue }) => isNonNullType(type) && defaultValue === undefined);
  const args = required.map(({ name, type }) => `${name}: ${literal(type)}`).join(', ');
  const type = getNamedType(field.type);
  const below = rest[0]
    ? isObjectType(type)
      ? `{ ${selection(rest)} }`
      : `{ ... on ${rest[0].type.name} { ${selection(rest)} } }`
    : isCompositeType(type)
      ? '{ __typename }'
      : '';
  return `${field.name}${args ? `(${args})` : ''} ${below}`;
}

function literal(type: GraphQLInputType): string {
  if (isNonNullType(type)) return literal(type.ofType);
  if (isListType(type)) return `[${literal(type.ofType)}]`;
  if (isEnumType(type)) return type.getValues()[0]!.name;
  if (isInputObjectType(type)) {
    const fields = Object.values(type.getFields());
    const given = fields.filter((field) => isNonNullType(field.type) && field.defaultValue === undefined);
    return `{ ${given.map((field) => `${field.name}: ${literal(field.type)}`).join(', ')} }`;
  }
  if (type.name === 'ID') return JSON.stringify(toGlobalId('Material', '00000000-0000-4000-8000-ffffffffffff'));
  return { Int: '1', Float: '1.0', Boolean: 'true', DateTime: '"2026-03-01T12:00:00Z"' }[type.name] ?? '"GaAs"';
}
