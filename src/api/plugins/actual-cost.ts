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
  /** Fields of one response object that were counted already: selections merge, the object is there once. */
  const walk = (value: Data, typeName: string, selections: SelectionSetNode, seen: Set<string>): number => {
    const concrete = schema.getType(typeof value['__typename'] === 'string' ? value['__typename'] : typeName);
    let points = 0;
    for (const selection of selections.selections) {
      if (selection.kind === Kind.INLINE_FRAGMENT) {
        points += walk(value, selection.typeCondition?.name.value ?? typeName, selection.selectionSet, seen);
      } else if (selection.kind === Kind.FRAGMENT_SPREAD) {
        const fragment = fragments.get(selection.name.value)!;
        points += walk(value, fragment.typeCondition.name.value, fragment.selectionSet, seen);
      } else {
        const holder = schema.getType(typeName);
        const owner = isObjectType(concrete) ? concrete : holder;
        const field = owner && 'getFields' in owner ? owner.getFields()[selection.name.value] : undefined;
        const key = selection.alias?.value ?? selection.name.value;
        const child = value[key];
        if (!field || !('type' in field) || !selection.selectionSet || child == null) continue;
        const type = getNamedType(field.type);
        if (!isCompositeType(type)) continue;
        const complexity = field.extensions['complexity'];
        const counted = complexity === part || complexity === connection || seen.has(key);
        const own = counted || complexity === whole ? 0 : 1;
        if (!counted && complexity === whole) points++;
        seen.add(key);
        for (const object of Array.isArray(child) ? child : [child]) {
          if (object !== null) points += own + walk(object as Data, type.name, selection.selectionSet, new Set());
        }
      }
    }
    return points;
  };
  return walk(data, root.name, operation.selectionSet, new Set());
}
