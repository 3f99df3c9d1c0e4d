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
  const fragments = new Map(
    document.definitions.flatMap((node) => (node.kind === Kind.FRAGMENT_DEFINITION ? [[node.name.value, node]] : [])),
  );

  /** Selections merge: what was `seen` in the same object is there once, and counted already. */
  const objectFields = (
    typeName: string,
    concreteName: string,
    { selections }: SelectionSetNode,
    seen: Set<string>,
  ): ObjectField[] =>
    selections.flatMap((selection): ObjectField[] => {
      if (selection.kind !== Kind.FIELD) {
        const fragment = selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments.get(selection.name.value)!;
        const inner = fragment.typeCondition?.name.value ?? typeName;
        return objectFields(inner, concreteName, fragment.selectionSet, seen);
      }
      const concrete = schema.getType(concreteName);
      const owner = isObjectType(concrete) ? concrete : schema.getType(typeName);
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

  /** Every object of a list has the same fields: they are looked up once. */
  const known = new Map<SelectionSetNode, Map<string, ObjectField[]>>();
  const fieldsOf = (value: Data, typeName: string, selections: SelectionSetNode): ObjectField[] => {
    const concreteName = typeof value['__typename'] === 'string' ? value['__typename'] : typeName;
    let byType = known.get(selections);
    if (!byType) known.set(selections, (byType = new Map()));
    let fields = byType.get(concreteName);
    if (!fields) byType.set(concreteName, (fields = objectFields(typeName, concreteName, selections, new Set())));
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
