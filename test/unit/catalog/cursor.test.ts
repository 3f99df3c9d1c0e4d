import fc from 'fast-check';
import { Cursors } from '../../../src/catalog/cursor';
import { InputError } from '../../../src/domain';

const query = fc.record({ elements: fc.array(fc.string()), count: fc.integer(), system: fc.option(fc.string()) });

describe('a cursor', () => {
  it('names its row to the query that it came from', () => {
    fc.assert(
      fc.property(fc.uuid(), query, (id, asked) => {
        const cursor = new Cursors('materials', asked).encode(id);
        expect(cursor).toMatch(/^[\w-]+$/);
        expect(new Cursors('materials', asked).decode('after', cursor)).toBe(id);
      }),
      { seed: 1 },
    );
  });

  it('is refused by another query and another connection, and by the name of the argument', () => {
    fc.assert(
      fc.property(fc.uuid(), query, query, (id, one, other) => {
        fc.pre(JSON.stringify(one) !== JSON.stringify(other));
        const cursor = new Cursors('materials', one).encode(id);
        for (const cursors of [new Cursors('materials', other), new Cursors('candidates', one)]) {
          expect(() => cursors.decode('before', cursor)).toThrow(InputError);
          expect(() => cursors.decode('before', cursor)).toThrow(
            /^before: is a cursor of another connection or filter/,
          );
        }
      }),
      { seed: 2 },
    );
  });

  it('does not mind in which order the query was written down', () => {
    const id = '01a20791-5c26-7798-b54c-b669b1d2f591';
    const cursor = new Cursors('materials', { a: 1, b: [2, 3] }).encode(id);
    expect(new Cursors('materials', { b: [2, 3], a: 1 }).decode('after', cursor)).toBe(id);
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
