import { gzipSync } from 'node:zlib';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { parse, specifiedRules, validate, type ASTVisitor, type ValidationRule } from 'graphql';
import { createSchema } from '../../schema';
import { MAX_TOKENS, OPERATION_LIMITS, operationLimits } from '../../src/api/rules/operation-limits';
import { MAX_TEXT, textLimits } from '../../src/api/rules/texts';
import { FakeCatalog, FakePredictor } from '../support/fakes';
import { freeAccess, startTestServer, type TestServer } from '../support/server';

const times = (count: number, text: (i: number) => string): string =>
  Array.from({ length: count }, (_, i) => text(i)).join(' ');
const COMPOSITION = 'query ($f: String!) { composition(formula: $f) { __typename } }';
const MATERIALS = 'query ($f: MaterialFilter) { materials(filter: $f) { totalCount } }';
/** JSON.stringify leaves a `__proto__` of an object literal out; a client need not. */
const proto = (text: string): string => text.replaceAll('PROTO', '__proto__');

/** What stands in the documents alone; each is also measured below by what the validation visits. */
const DOCUMENTS: Readonly<Record<string, string>> = {
  'alias flood, 10,000': `{ ${times(10_000, (i) => `a${i}: __typename`)} }`,
  'alias flood within the tokens': `{ ${times(1_500, (i) => `a${i}: __typename`)} }`,
  'aliases multiplied by fragments': `{ ${'...f '.repeat(40)} } fragment f on Query { ${times(40, (i) => `a${i}: __typename`)} }`,
  'depth 1,000': `{ material(id: "x") { ${'composition { materials { '.repeat(500)} id ${'} } '.repeat(500)} } }`,
  'depth 1,000 through fragments': `{ material(id: "x") { ...f0 } } ${times(40, (i) => `fragment f${i} on Material { composition { materials { ...f${i + 1} } } }`)} fragment f40 on Material { id }`,
  'circular fragments': '{ ...a } fragment a on Query { ...b } fragment b on Query { ...a }',
  'a fragment within itself':
    '{ material(id: "x") { ...m } } fragment m on Material { composition { materials { ...m } } }',
  'fragments that double 40 times': `{ ...f0 } ${times(40, (i) => `fragment f${i} on Query { ...f${i + 1} ...f${i + 1} }`)} fragment f40 on Query { __typename }`,
  'fragments that nobody spreads': `{ __typename } ${times(300, (i) => `fragment f${i} on Query { ...f${(i + 1) % 300} a${i}: __typename }`)}`,
  'directive overload': `{ __typename ${'@skip(if: false) '.repeat(500)} }`,
  'directive overload on the operation': `query ${'@skip(if: false) '.repeat(500)} { __typename }`,
  'field duplication, 50,000': `{ ${'__typename '.repeat(50_000)} }`,
  'field duplication within the tokens': `{ ${'__typename '.repeat(4_900)} }`,
  'duplicated fields with selections': `{ ${'viewer { rateLimit { cost } } '.repeat(500)} }`,
  'duplicated fields with arguments': `{ ${'composition(formula: "GaAs") { __typename } '.repeat(450)} }`,
  'introspection nested': `{ __schema { types { fields { type { fields { type { fields { type { name } } } } } } } } }`,
  'introspection nested once': `{ __schema { types { fields { type { fields { name } } } } } }`,
  'introspection nested through fragments': `{ __schema { types { ...t } } } fragment t on __Type { fields { type { ...u } } } fragment u on __Type { possibleTypes { name } }`,
  'introspection multiplied by aliases': `{ __schema { types { ${times(100, (i) => `a${i}: fields { name }`)} } } }`,
  'introspection repeated': `{ ${times(100, (i) => `a${i}: __schema { types { name } }`)} }`,
  'a list in lists': `{ compositions(formulas: ${'['.repeat(1_000)}"GaAs"${']'.repeat(1_000)}) { __typename } }`,
  'an object in objects': `{ materials(filter: ${'{ elements: '.repeat(600)}null${' }'.repeat(600)}) { totalCount } }`,
  'a type of lists of lists': `query ($f: ${'['.repeat(1_000)}String${']'.repeat(1_000)}) { compositions(formulas: $f) { __typename } }`,
  'variables by the thousand': `query (${times(1_200, (i) => `$v${i}: Int`)}) { __typename }`,
  'a null byte': String.raw`{ composition(formula: "Ga\u0000As") { __typename } }`,
  'a raw null byte': '{ composition(formula: "Ga\0As") { __typename } }',
  'half a surrogate pair': String.raw`{ composition(formula: "\ud800") { __typename } }`,
  'a huge string': `{ composition(formula: "${'A'.repeat(900_000)}") { __typename } }`,
  'a prototype as a response key': '{ __proto__: __typename }',
  'a prototype as an input field': '{ materials(filter: { __proto__: { formula: "GaAs" } }) { totalCount } }',
  'a prototype as a variable': 'query ($__proto__: MaterialFilter) { materials(filter: $__proto__) { totalCount } }',
  'a constructor as an input field': '{ materials(filter: { constructor: { formula: "GaAs" } }) { totalCount } }',
  'more than the ceiling of points':
    '{ materials(first: 100) { nodes { measurements(first: 100) { id material { id } } } } }',
};

/** What needs a body of its own. */
const BODIES: Readonly<Record<string, string>> = {
  'a body of 5 MB': JSON.stringify({ query: `# ${'x'.repeat(5_000_000)}\n{ __typename }` }),
  'a batch of 1,000': JSON.stringify(Array(1_000).fill({ query: '{ __typename }' })),
  'an empty batch': '[]',
  'JSON 100,000 deep': `{"query":"{ __typename }","variables":${'['.repeat(100_000)}${']'.repeat(100_000)}}`,
  'a list of 100,000 as a variable': JSON.stringify({
    query: 'query ($f: [String!]!) { compositions(formulas: $f) { __typename } }',
    variables: { f: Array(100_000).fill('GaAs') },
  }),
  'one list in many places': JSON.stringify({
    query: `query ($f: [String!]!) { ${times(200, (i) => `a${i}: compositions(formulas: $f) { __typename }`)} }`,
    variables: { f: Array(100).fill('GaAs') },
  }),
  'lists 1,000 deep as a variable': `{"query":${JSON.stringify(COMPOSITION)},"variables":{"f":${'['.repeat(1_000)}1${']'.repeat(1_000)}}}`,
  'a huge string as a variable': JSON.stringify({ query: COMPOSITION, variables: { f: 'A'.repeat(500_000) } }),
  'a null byte in a variable': JSON.stringify({ query: COMPOSITION, variables: { f: 'Ga\0As' } }),
  'a null byte deep in a variable': JSON.stringify({
    query: MATERIALS,
    variables: { f: { elements: { all: ['Ga\0'] } } },
  }),
  'a null byte in a key': JSON.stringify({ query: MATERIALS, variables: { f: { 'formula\0': 'GaAs' } } }),
  'a prototype in a variable': proto(
    JSON.stringify({ query: MATERIALS, variables: { f: { PROTO: { formula: 'GaAs' } } } }),
  ),
  'a prototype among the variables': proto(JSON.stringify({ query: MATERIALS, variables: { PROTO: { f: {} } } })),
  'a constructor in a variable': JSON.stringify({ query: MATERIALS, variables: { f: { constructor: {} } } }),
  'a number as the query': '{"query":1}',
  'variables that are a list': JSON.stringify({ query: COMPOSITION, variables: ['GaAs'] }),
  'variables that are a string': JSON.stringify({ query: COMPOSITION, variables: 'GaAs' }),
  'a field name of 100,000 characters': JSON.stringify({ query: `{ ${'a'.repeat(100_000)} }` }),
  'an operation name that is not there': JSON.stringify({ query: '{ __typename }', operationName: 'toString' }),
};

describe('an attack', () => {
  let server: TestServer;
  const predictor = new FakePredictor();
  const catalog = new FakeCatalog();
  /** Operations that were let through to be executed; the charge is the last step before. */
  let executed = 0;

  beforeAll(async () => {
    const access = freeAccess();
    const limits = {
      ...access.limits,
      chargePoints: (...args: Parameters<typeof access.limits.chargePoints>) => {
        executed++;
        return access.limits.chargePoints(...args);
      },
    };
    server = await startTestServer({ predictor, catalog, access: { ...access, limits } });
  });
  afterAll(() => server.stop());
  beforeEach(() => {
    executed = 0;
  });

  const attacks = [
    ...Object.entries(DOCUMENTS).map(([name, query]) => [name, JSON.stringify({ query })] as const),
    ...Object.entries(BODIES),
  ];

  it.each(attacks)('%s is refused before anything runs, and others are answered meanwhile', async (_, body) => {
    const [attack, other] = await Promise.all([server.post(body), server.query('{ __typename }')]);
    expect(attack.status).toBeGreaterThanOrEqual(400);
    expect(attack.status).toBeLessThan(500);
    expect(attack.body.data).toBeUndefined();
    expect(['BAD_USER_INPUT', 'COST_LIMIT_EXCEEDED']).toContain(attack.body.errors[0].extensions.code);
    expect(attack.body.errors.length).toBeLessThanOrEqual(11);
    // What is refused must not come back multiplied.
    expect(JSON.stringify(attack.body).length).toBeLessThan(250_000);
    expect(other.body).toEqual({ data: { __typename: 'Query' } });
    expect(executed).toBe(1);
    expect([...catalog.statements, ...predictor.calls]).toEqual([]);
  });

  it('a body that unpacks to 50 MB is refused by what it unpacks to', async () => {
    const body = gzipSync(JSON.stringify({ query: `# ${' '.repeat(50_000_000)}\n{ __typename }` }));
    expect(body.length).toBeLessThan(100_000);
    const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip' };
    const response = await fetch(`${server.url}/graphql`, { method: 'POST', headers, body });
    expect(response.status).toBe(413);
    expect(executed).toBe(0);
  });

  it('an address of 100,000 characters is refused', async () => {
    const response = await fetch(`${server.url}/graphql?query=${'a'.repeat(100_000)}`, {
      headers: { 'apollo-require-preflight': 'true' },
    });
    expect(response.status).toBe(431);
  });

  it('all of them, five times over, leave the memory as it was', async () => {
    setFlagsFromString('--expose_gc');
    const collect = runInNewContext('gc') as () => void;
    const used = () => {
      collect();
      return process.memoryUsage().heapUsed;
    };
    const small = attacks.filter(([, body]) => body.length < 600_000);
    const round = () => Promise.all(small.map(([, body]) => server.post(body)));
    await round();
    const before = used();
    for (let i = 0; i < 5; i++) await round();
    // The documents alone, kept five times over, would be more than this.
    expect(used() - before).toBeLessThan(20_000_000);
    expect((await server.query('{ __typename }')).status).toBe(200);
  });
});

describe('the work of validating a document', () => {
  const schema = createSchema();
  /** Counts what the rules are shown. */
  const counted = (document: string): { readonly visited: number; readonly errors: readonly string[] } => {
    let visited = 0;
    const counter: ValidationRule = (): ASTVisitor => ({ enter: () => void visited++ });
    const rules = [...specifiedRules, operationLimits, counter];
    const errors = validate(schema, parse(document, { maxTokens: MAX_TOKENS }), rules, { maxErrors: 10 });
    return { visited, errors: errors.map(({ message }) => message) };
  };

  const tooLarge = [
    'aliases multiplied by fragments',
    'alias flood within the tokens',
    'depth 1,000',
    'depth 1,000 through fragments',
    'fragments that double 40 times',
    'fragments that nobody spreads',
    'directive overload',
    'directive overload on the operation',
    'field duplication within the tokens',
    'duplicated fields with selections',
    'duplicated fields with arguments',
    'introspection nested once',
    'introspection multiplied by aliases',
    'introspection repeated',
  ];
  it.each(tooLarge)('%s: no other rule sees more than an empty document', (name) => {
    const { visited, errors } = counted(DOCUMENTS[name]!);
    expect(errors).not.toEqual([]);
    expect(visited).toBeLessThanOrEqual(1);
  });

  it('what is within the limits is shown to every rule', () => {
    const { visited, errors } = counted('{ composition(formula: "GaAs") { ... on Composition { formula } } }');
    expect(errors).toEqual([]);
    expect(visited).toBeGreaterThan(10);
  });

  it('fragments are measured in at most `selections` steps each, however often they double', () => {
    let asked = 0;
    const document = parse(DOCUMENTS['fragments that double 40 times']!);
    const rule: ValidationRule = (context) => {
      const getFragment = context.getFragment.bind(context);
      context.getFragment = (name) => {
        asked++;
        return getFragment(name);
      };
      return operationLimits(context);
    };
    expect(validate(schema, document, [rule])).not.toEqual([]);
    expect(asked).toBeLessThanOrEqual(OPERATION_LIMITS.selections * OPERATION_LIMITS.definitions);
  });

  it('a string of a mutation may be as long as its body, one of a query may not', () => {
    const text = 'a'.repeat(MAX_TEXT + 1);
    const problems = (document: string) =>
      validate(schema, parse(document), [textLimits]).map(({ message }) => message);
    expect(problems(`{ composition(formula: "${text}") { __typename } }`)).toEqual([
      `a string has ${MAX_TEXT + 1} characters; at most ${MAX_TEXT} are allowed`,
    ]);
    expect(problems(`mutation { revokeApiKey(id: "${text}") { __typename } }`)).toEqual([]);
  });
});
