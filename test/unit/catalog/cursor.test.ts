import fc from 'fast-check';
import { Cursors } from '../../../src/catalog/cursor';
import { InputError } from '../../../src/domain';

const query = fc.record({ elements: fc.array(fc.string()), count: fc.integer(), system: fc.option(fc.string()) });

describe('a cursor', () => {
  it('names its row to the query that it came from', () => {
    fc.assert(
      fc.property(fc.uuid(), query, (id, asked) => {
        const cursor = new Cursors('materials', asked).encode({ id, values: [] });
        expect(cursor).toMatch(/^[\w-]+$/);
        expect(new Cursors('materials', asked).decode('after', cursor)).toEqual({ id, values: [] });
      }),
      { seed: 1 },
    );
  });

  it('carries the values of its row under the order, to the last bit', () => {
    const kinds = ['text', 'integer', 'numberOrNull'] as const;
    const number = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0 || 0);
    const values = fc.tuple(fc.string({ unit: 'grapheme' }), fc.maxSafeInteger(), fc.option(number));
    fc.assert(
      fc.property(fc.uuid(), values, (id, values) => {
        const cursors = new Cursors('materials', {}, kinds);
        fc.pre(!/\0/.test(values[0]));
        expect(cursors.decode('after', cursors.encode({ id, values }))).toEqual({ id, values });
      }),
      { seed: 4 },
    );
  });

  it.each([
    [['text'], [1]],
    [['text'], ['a\0']],
    [['integer'], [1.5]],
    [['text'], [null]],
    [['numberOrNull'], ['1; DROP TABLE materials']],
    [['integer'], []],
    [[], [1]],
  ] as const)('of the order %j does not pass %j on to the database', (kinds, values) => {
    const cursors = new Cursors('materials', {}, kinds);
    const forged = cursors.encode({ id: '01a20791-5c26-7798-b54c-b669b1d2f591', values });
    expect(() => cursors.decode('before', forged)).toThrow(/^before: is not a cursor of this API/);
  });

  it('is refused by another query and another connection, and by the name of the argument', () => {
    fc.assert(
      fc.property(fc.uuid(), query, query, (id, one, other) => {
        fc.pre(JSON.stringify(one) !== JSON.stringify(other));
        const cursor = new Cursors('materials', one).encode({ id, values: [] });
        for (const cursors of [new Cursors('materials', other), new Cursors('candidates', one)]) {
          expect(() => cursors.decode('before', cursor)).toThrow(InputError);
          expect(() => cursors.decode('before', cursor)).toThrow(
            /^before: is a cursor of another connection, filter or order/,
          );
        }
      }),
      { seed: 2 },
    );
  });

  it('does not mind in which order the query was written down', () => {
    const id = '01a20791-5c26-7798-b54c-b669b1d2f591';
    const cursor = new Cursors('materials', { a: 1, b: [2, 3] }).encode({ id, values: [] });
    expect(new Cursors('materials', { b: [2, 3], a: 1 }).decode('after', cursor).id).toBe(id);
    expect(() => new Cursors('materials', { b: [3, 2], a: 1 }).decode('after', cursor)).toThrow(InputError);
  });

  it('is no other text, whatever it is', () => {
    const cursors = new Cursors('materials', {});
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.base64String(), fc.uuid()), (text) => {
        expect(() => cursors.decode('after', text)).toThrow(/^after: is not a cursor of this API/);
      }),
      { seed: 3 },
    );
  });
});
