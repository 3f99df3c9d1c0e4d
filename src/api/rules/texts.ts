import {
  GraphQLError,
  Kind,
  OperationTypeNode,
  type ASTVisitor,
  type OperationDefinitionNode,
  type ValidationContext,
} from 'graphql';
import { InputError } from '../../domain';

/**
 * The longest string of a query, in UTF-16 code units. A formula has at most 1,000, but a pasted paragraph is still answered as the
 * InvalidFormulaError that it is; beyond this, what is echoed would multiply a large body. A mutation may carry a file, and is bounded by its body.
 */
export const MAX_TEXT = 20_000;

/** The most values of all variables together: a list of formulas for a search may have thousands. */
export const MAX_VALUES = 50_000;

/** The one key that JavaScript objects treat otherwise than the rest. */
const PROTOTYPE = '__proto__';

/** What is wrong with a string, whatever it means; null if nothing. Neither Postgres nor JSON in it holds U+0000 or half a character. */
function problemOf(text: string, longest: number): string | null {
  if (text.length > longest) return `has ${text.length} characters; at most ${longest} are allowed`;
  if (text.includes('\0')) return 'holds the character U+0000';
  if (/\p{Surrogate}/u.test(text)) return 'holds half of a surrogate pair, which is no character';
  return null;
}

/** Strings written into the document. */
export function textLimits(context: ValidationContext): ASTVisitor {
  const mutates = context
    .getDocument()
    .definitions.some(
      (node) => node.kind === Kind.OPERATION_DEFINITION && node.operation === OperationTypeNode.MUTATION,
    );
  return {
    Name(node) {
      if (node.value === PROTOTYPE)
        context.reportError(new GraphQLError(`${PROTOTYPE} is not a name`, { nodes: node }));
    },
    StringValue(node) {
      const problem = problemOf(node.value, mutates ? Infinity : MAX_TEXT);
      if (problem !== null) context.reportError(new GraphQLError(`a string ${problem}`, { nodes: node }));
    },
  };
}

/**
 * Strings sent as variables, at any depth and as keys too.
 * @throws InputError naming the first wrong one. A walk without recursion: JSON may be as deep as the body is long.
 */
export function checkVariableTexts({ operation }: OperationDefinitionNode, variables: object): void {
  const longest = operation === OperationTypeNode.MUTATION ? Infinity : MAX_TEXT;
  const pending: { readonly value: unknown; readonly name: string }[] = [];
  let seen = 0;
  const check = (name: string, text: string) => {
    const problem = problemOf(text, longest);
    if (problem !== null)
      throw new InputError([{ path: ['variables', name.slice(0, 100)], message: `a string ${problem}` }]);
  };
  const checkKey = (name: string, key: string) => {
    if (key === PROTOTYPE) throw new InputError([{ path: ['variables'], message: `${PROTOTYPE} is not a name` }]);
    check(name, key);
  };
  for (const [name, value] of Object.entries(variables)) {
    checkKey(name, name);
    pending.push({ name, value });
  }
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { name, value } = next;
    if (typeof value === 'string') check(name, value);
    if (typeof value !== 'object' || value === null) continue;
    seen += Array.isArray(value) ? value.length : Object.keys(value).length;
    if (seen > MAX_VALUES) {
      throw new InputError([
        { path: ['variables', name], message: `more than ${MAX_VALUES} values; send fewer at once` },
      ]);
    }
    for (const [key, inner] of Object.entries(value)) {
      if (!Array.isArray(value)) checkKey(name, key);
      pending.push({ name, value: inner });
    }
  }
}
