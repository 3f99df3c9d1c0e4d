import {
  getNamedType,
  isCompositeType,
  isObjectType,
  Kind,
  type DocumentNode,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import { connection, part, whole } from '../../../schema';

type Data = Record<string, unknown>;

/** A field that holds objects, as one selection set asks for it. */
interface ObjectField {
  readonly key: string;
  /** Points of the field, and of each object in it. */
  readonly own: number;
  readonly each: number;
  readonly type: string;
  readonly selections: SelectionSetNode;
}

/** By the selection set of a field and the type of an object there: documents that Apollo keeps parsed are looked through once. */
const kept = new WeakMap<SelectionSetNode, Map<string, readonly ObjectField[]>>();

/**
 * The points of what an answer holds: one per object that is more than a part of its owner. The same rule as the static bound, applied
 * to what came back; it is told to the client, the bound is what is charged.
 */
export function actualCost(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  data: Data | null | undefined,
): number {
  const root = schema.getRootType(operation.operation);
  if (!root || !data) return 0;
  const fieldsOf = (value: Data, typeName: string, selections: SelectionSetNode): readonly ObjectField[] => {
    // A client may call any field so.
    const named = value['__typename'];
    const concreteName = typeof named === 'string' && isObjectType(schema.getType(named)) ? named : typeName;
    let byType = kept.get(selections);
    if (!byType) kept.set(selections, (byType = new Map()));
    let fields = byType.get(concreteName);
    if (!fields)
      byType.set(concreteName, (fields = objectFields(schema, document, typeName, concreteName, selections)));
    return fields;
  };

  const walk = (value: Data, typeName: string, selections: SelectionSetNode): number => {
    let points = 0;
    for (const { key, own, each, type, selections: inner } of fieldsOf(value, typeName, selections)) {
      const child = value[key];
      if (child == null) continue;
      points += own;
      for (const object of Array.isArray(child) ? child : [child]) {
        if (object !== null) points += each + walk(object as Data, type, inner);
      }
    }
    return points;
  };
  return walk(data, root.name, operation.selectionSet);
}

function objectFields(
  schema: GraphQLSchema,
  document: DocumentNode,
  typeName: string,
  concreteName: string,
  selectionSet: SelectionSetNode,
): ObjectField[] {
  const fragments = new Map(
    document.definitions.flatMap((node) => (node.kind === Kind.FRAGMENT_DEFINITION ? [[node.name.value, node]] : [])),
  );
  const concrete = schema.getType(concreteName);
  /** Selections merge: what was seen before is there once, and counted already. */
  const seen = new Set<string>();
  const collect = (within: string, { selections }: SelectionSetNode): ObjectField[] =>
    selections.flatMap((selection): ObjectField[] => {
      if (selection.kind !== Kind.FIELD) {
        const fragment = selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments.get(selection.name.value)!;
        return collect(fragment.typeCondition?.name.value ?? within, fragment.selectionSet);
      }
      const owner = isObjectType(concrete) ? concrete : schema.getType(within);
      const field = owner && 'getFields' in owner ? owner.getFields()[selection.name.value] : undefined;
      if (!field || !('type' in field) || !selection.selectionSet) return [];
      const type = getNamedType(field.type);
      if (!isCompositeType(type)) return [];
      const key = selection.alias?.value ?? selection.name.value;
      const complexity = field.extensions['complexity'];
      const counted = complexity === part || complexity === connection || seen.has(key);
      seen.add(key);
      const own = !counted && complexity === whole ? 1 : 0;
      const each = counted || complexity === whole ? 0 : 1;
      return [{ key, own, each, type: type.name, selections: selection.selectionSet }];
    });
  return collect(typeName, selectionSet);
}
