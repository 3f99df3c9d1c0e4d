import { GraphQLError, Kind, type ASTVisitor, type SelectionSetNode, type ValidationContext } from 'graphql';

/**
 * What one operation may hold, fragments counted wherever they are spread. A page of a frontend has a depth of about 8 and a few dozen
 * aliases; the introspection query of GraphiQL has a depth of 13.
 */
export const OPERATION_LIMITS = { depth: 20, aliases: 200, directives: 100 } as const;
/** Lexical tokens of a document: a thousand formulas written out are about as many. */
export const MAX_TOKENS = 5_000;

interface Size {
  readonly depth: number;
  readonly aliases: number;
  readonly directives: number;
}
const NOTHING: Size = { depth: 0, aliases: 0, directives: 0 };

/** Linear in the document: every fragment is measured once. A cycle counts as nothing here, another rule refuses it. */
class Ruler {
  private readonly fragments = new Map<string, Size>();
  constructor(private readonly context: ValidationContext) {}

  measure(selectionSet: SelectionSetNode | undefined): Size {
    let { depth, aliases, directives } = NOTHING;
    for (const selection of selectionSet?.selections ?? []) {
      const inner =
        selection.kind === Kind.FRAGMENT_SPREAD
          ? this.measureFragment(selection.name.value)
          : this.measure(selection.selectionSet);
      const own = selection.kind === Kind.FIELD ? 1 : 0;
      depth = Math.max(depth, inner.depth + own);
      aliases += inner.aliases + (selection.kind === Kind.FIELD && selection.alias !== undefined ? 1 : 0);
      directives += inner.directives + (selection.directives?.length ?? 0);
    }
    return { depth, aliases, directives };
  }

  private measureFragment(name: string): Size {
    const known = this.fragments.get(name);
    if (known !== undefined) return known;
    this.fragments.set(name, NOTHING);
    const size = this.measure(this.context.getFragment(name)?.selectionSet);
    this.fragments.set(name, size);
    return size;
  }
}

export function operationLimits(context: ValidationContext): ASTVisitor {
  const ruler = new Ruler(context);
  return {
    OperationDefinition(operation) {
      const size = ruler.measure(operation.selectionSet);
      for (const [what, limit] of Object.entries(OPERATION_LIMITS) as [keyof Size, number][]) {
        if (size[what] <= limit) continue;
        const problem = what === 'depth' ? `is ${size.depth} levels deep` : `has ${size[what]} ${what}`;
        context.reportError(new GraphQLError(`the operation ${problem}; at most ${limit} are allowed`));
      }
      return false;
    },
  };
}
