import {
  GraphQLError,
  Kind,
  type ASTVisitor,
  type DefinitionNode,
  type FieldNode,
  type SelectionSetNode,
  type ValidationContext,
} from 'graphql';

/**
 * What one operation may hold, fragments counted wherever they are spread. A page of a frontend has a depth of about 8 and a few dozen
 * aliases; the introspection query of GraphiQL has a depth of 13 and about 100 selections.
 *
 * `repetitions` of one response field bound the pairwise comparison of fields that have to merge (OverlappingFieldsCanBeMerged, quadratic
 * in them); `selections` bound everything that follows a spread wherever it stands, the reckoning of costs among it.
 */
export const OPERATION_LIMITS = {
  definitions: 50,
  selections: 2_000,
  depth: 20,
  aliases: 200,
  directives: 100,
  repetitions: 50,
  introspections: 5,
} as const;
/** Lexical tokens of a document: a thousand formulas written out are about as many. */
export const MAX_TOKENS = 5_000;

const INTROSPECTION = new Set(['__schema', '__type']);
/** Lists of a type: one within another multiplies the whole schema with itself. */
const LISTS_OF_A_TYPE = new Set(['fields', 'inputFields', 'interfaces', 'possibleTypes']);

/** A place in the response, and what stands below it. */
interface Place {
  selections: number;
  readonly below: Map<string, Place>;
}
const place = (): Place => ({ selections: 0, below: new Map() });

/** Whether the walk is inside an introspection, and inside a list of a type there. */
type Introspection = 'no' | 'schema' | 'list';

/** One operation or fragment, measured in at most `selections` steps: beyond them it is refused anyway. */
class Measure {
  selections = 0;
  depth = 0;
  aliases = 0;
  directives: number;
  repetitions = 0;
  introspections = 0;
  introspectionMultiplies = false;
  private readonly spread = new Set<string>();

  constructor(
    private readonly context: ValidationContext,
    definition: DefinitionNode,
  ) {
    this.directives = directivesOf(definition);
    if ('selectionSet' in definition) this.walk(definition.selectionSet, place(), 1, 'no');
  }

  private walk(set: SelectionSetNode, at: Place, depth: number, introspection: Introspection): void {
    for (const selection of set.selections) {
      if (++this.selections > OPERATION_LIMITS.selections) return;
      this.directives += directivesOf(selection);
      if (selection.kind === Kind.FIELD) this.field(selection, at, depth, introspection);
      else if (selection.kind === Kind.INLINE_FRAGMENT) this.walk(selection.selectionSet, at, depth, introspection);
      else this.fragment(selection.name.value, at, depth, introspection);
    }
  }

  private field(field: FieldNode, at: Place, depth: number, introspection: Introspection): void {
    const name = field.name.value;
    const key = field.alias?.value ?? name;
    const here = at.below.get(key) ?? place();
    at.below.set(key, here);
    this.repetitions = Math.max(this.repetitions, ++here.selections);
    this.depth = Math.max(this.depth, depth);
    const lists = introspection !== 'no' && LISTS_OF_A_TYPE.has(name);
    if (introspection !== 'no' && (field.alias !== undefined || (lists && introspection === 'list'))) {
      this.introspectionMultiplies = true;
    }
    if (field.alias !== undefined) this.aliases++;
    if (INTROSPECTION.has(name)) {
      this.introspections++;
      introspection = 'schema';
    }
    if (field.selectionSet) this.walk(field.selectionSet, here, depth + 1, lists ? 'list' : introspection);
  }

  /** A cycle counts as nothing here, another rule refuses it. */
  private fragment(name: string, at: Place, depth: number, introspection: Introspection): void {
    const fragment = this.context.getFragment(name);
    if (!fragment || this.spread.has(name)) return;
    this.spread.add(name);
    this.walk(fragment.selectionSet, at, depth, introspection);
    this.spread.delete(name);
  }
}

const directivesOf = (node: object): number => {
  const { directives } = node as { directives?: readonly unknown[] };
  return directives?.length ?? 0;
};

function* excesses(measure: Measure): Generator<string> {
  const over = (what: keyof typeof OPERATION_LIMITS & keyof Measure) => measure[what] > OPERATION_LIMITS[what];
  const allowed = (what: keyof typeof OPERATION_LIMITS) => `at most ${OPERATION_LIMITS[what]} are allowed`;
  if (over('selections')) yield `selects more than ${OPERATION_LIMITS.selections} fields and fragments`;
  if (over('depth')) yield `is ${measure.depth} levels deep; ${allowed('depth')}`;
  if (over('aliases')) yield `has ${measure.aliases} aliases; ${allowed('aliases')}`;
  if (over('directives')) yield `has ${measure.directives} directives; ${allowed('directives')}`;
  if (over('repetitions')) yield `selects one field ${measure.repetitions} times; ${allowed('repetitions')}`;
  if (over('introspections')) yield `has ${measure.introspections} introspections; ${allowed('introspections')}`;
  if (measure.introspectionMultiplies) {
    yield 'introspects with aliases, or with fields, inputFields, interfaces or possibleTypes within one another';
  }
}

/**
 * Refuses what is too large before any other rule looks at it: the document of an excess is replaced by an empty one, so that rules
 * which take longer than linear time never see it.
 */
export function operationLimits(context: ValidationContext): ASTVisitor {
  return {
    Document(document) {
      const { definitions } = document;
      if (definitions.length > OPERATION_LIMITS.definitions) {
        const allowed = `at most ${OPERATION_LIMITS.definitions} are allowed`;
        context.reportError(new GraphQLError(`the document has ${definitions.length} definitions; ${allowed}`));
        return { ...document, definitions: [] };
      }
      const problems = new Set<string>();
      for (const definition of definitions) {
        const what = definition.kind === Kind.FRAGMENT_DEFINITION ? `the fragment ${definition.name.value}` : null;
        const excess = [...excesses(new Measure(context, definition))];
        // What an operation spreads counts for it already; a fragment of its own is named only if no operation is to blame.
        for (const one of excess)
          if (what === null || problems.size === 0) problems.add(`${what ?? 'the operation'} ${one}`);
      }
      for (const problem of problems) context.reportError(new GraphQLError(problem));
      return problems.size > 0 ? { ...document, definitions: [] } : undefined;
    },
  };
}
