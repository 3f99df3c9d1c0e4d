import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  getNamedType,
  isCompositeType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isListType,
  isNonNullType,
  isObjectType,
  lexicographicSortSchema,
  printSchema,
  validateSchema,
  type GraphQLOutputType,
} from 'graphql';
import fc from 'fast-check';
import { createSchema, fromGlobalId, toGlobalId } from '../../schema';

const schema = createSchema();
const ownTypes = Object.values(schema.getTypeMap()).filter((type) => !type.name.startsWith('__'));
const ROOTS = ['Query', 'Mutation', 'Subscription'];
const STANDARD_SCALARS = ['ID', 'Int', 'Float', 'String', 'Boolean'];

describe('the contract', () => {
  test('is valid GraphQL', () => {
    expect(validateSchema(schema)).toEqual([]);
  });

  test('is the committed schema.graphql', () => {
    const committed = readFileSync(join(__dirname, '../../schema/schema.graphql'), 'utf8');
    expect(`${printSchema(lexicographicSortSchema(schema))}\n`).toBe(committed);
  });

  test('describes every type, field, argument and enum value', () => {
    const silent: string[] = [];
    const check = (name: string, description: string | null | undefined) => {
      if (!description?.trim()) silent.push(name);
    };
    for (const type of ownTypes) {
      if (!ROOTS.includes(type.name) && !STANDARD_SCALARS.includes(type.name)) check(type.name, type.description);
      if (isEnumType(type))
        for (const value of type.getValues()) check(`${type.name}.${value.name}`, value.description);
      if (isObjectType(type) || isInterfaceType(type)) {
        for (const field of Object.values(type.getFields())) {
          check(`${type.name}.${field.name}`, field.description);
          for (const arg of field.args) check(`${type.name}.${field.name}(${arg.name})`, arg.description);
        }
      }
      if (isInputObjectType(type)) {
        for (const field of Object.values(type.getFields())) check(`${type.name}.${field.name}`, field.description);
      }
    }
    expect(silent).toEqual([]);
  });

  test('declares the cost of every list of objects: without one its length would be free', () => {
    const isList = (type: GraphQLOutputType): boolean =>
      isListType(type) || (isNonNullType(type) && isList(type.ofType as GraphQLOutputType));
    const free: string[] = [];
    for (const type of ownTypes.filter(isObjectType)) {
      for (const field of Object.values(type.getFields())) {
        if (!isList(field.type) || !isCompositeType(getNamedType(field.type))) continue;
        if (field.extensions['complexity'] === undefined) free.push(`${type.name}.${field.name}`);
      }
    }
    expect(free).toEqual([]);
  });
});

describe('global ids', () => {
  const nodeType = fc.constantFrom('Material' as const, 'Measurement' as const, 'Model' as const);

  test('come back as they went in, and tell types apart', () => {
    fc.assert(
      fc.property(nodeType, fc.string({ minLength: 1 }), (type, id) => {
        expect(fromGlobalId(toGlobalId(type, id))).toEqual({ type, id });
      }),
      { seed: 7 },
    );
  });

  test('are nothing else: any other text is no id', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const id = fromGlobalId(text);
        expect(id === null || toGlobalId(id.type, id.id) === text).toBe(true);
      }),
      { seed: 7 },
    );
    const real = toGlobalId('Material', 'x');
    for (const text of ['', ' ', `${real}=`, ` ${real}`, real.slice(1), toGlobalId('Material', ''), 'MTpRdWVyeTp4']) {
      expect(fromGlobalId(text)).toBeNull();
    }
  });
});
