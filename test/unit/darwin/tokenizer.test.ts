import fc from 'fast-check';
import { Tokenizer } from '../../../src/darwin/tokenizer';
import { tinyManifest } from './fixtures';

const tokenizer = new Tokenizer(tinyManifest.vocabulary);
const words = (text: string) => tokenizer.encode(text).map((id) => tinyManifest.vocabulary[id]);

describe('tokenizer', () => {
  it.each(tinyManifest.properties.map((p) => [p.key, p]))('reads the prompt of %s as training did', (_, property) => {
    expect(tokenizer.instruction(property.prompt)).toEqual(property.promptTokens);
  });

  it('is blind to case and to white space', () => {
    expect(tokenizer.encode('  What\tIS the\n BAND gap ')).toEqual(tokenizer.encode('what is the band gap'));
  });

  it('splits letters from digits from signs', () => {
    expect(words('300k')).toEqual([...words('300'), ...words('k')]);
    expect(words('a-b')).toEqual(['a', '-', 'b']);
  });

  it('spells a word that it does not know from the longest pieces, continuations marked', () => {
    expect(words('zqx')).toEqual(['z', '##q', '##x']);
  });

  it('reads a character outside ASCII as unknown', () => {
    expect(words('ж')).toEqual(['[UNK]']);
    expect(words('a😀b')).toEqual(['a', '[UNK]', 'b']);
  });

  it('cannot be made to write an element, a condition or a special token', () => {
    const reserved = new Set(
      tinyManifest.vocabulary.flatMap((token, id) => (/^(<.+>|\[.+\])$/.test(token) ? [id] : [])),
    );
    reserved.delete(tokenizer.require('[UNK]'));
    expect(words('<Fe>')).not.toContain('<Fe>');
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (text) => {
        expect(tokenizer.encode(text).filter((id) => reserved.has(id))).toEqual([]);
      }),
      { seed: 1 },
    );
  });

  it('gives no more tokens than characters, each of the vocabulary', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 500 }), (text) => {
        const ids = tokenizer.encode(text);
        expect(ids.length).toBeLessThanOrEqual([...text.toLowerCase()].length);
        expect(ids.every((id) => tinyManifest.vocabulary[id] !== undefined)).toBe(true);
      }),
      { seed: 2 },
    );
  });
});
