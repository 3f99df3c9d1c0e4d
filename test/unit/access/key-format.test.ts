import fc from 'fast-check';
import { generateKey, parseKey } from '../../../src/access/key-format';

describe('API key format', () => {
  it('is bgl_live_<id 8>_<secret 32>_<crc 6> in base62', () => {
    expect(generateKey().text).toMatch(/^bgl_live_[0-9A-Za-z]{8}_[0-9A-Za-z]{32}_[0-9A-Za-z]{6}$/);
  });

  it('reads back what it made, and never makes the same twice', () => {
    const keys = Array.from({ length: 500 }, generateKey);
    for (const key of keys) expect(parseKey(key.text)).toEqual({ prefix: key.prefix, secret: key.secret });
    expect(new Set(keys.map((k) => k.secret)).size).toBe(500);
  });

  it('checks the CRC-32 of what stands before it, in base62 padded to six digits', () => {
    // Computed with Python's zlib.crc32: 2192266116, in base 62 2OMWYu.
    const body = 'bgl_live_AAAAAAAA_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA';
    expect(parseKey(`${body}_2OMWYu`)).toEqual({ prefix: 'bgl_live_AAAAAAAA', secret: 'A'.repeat(32) });
    expect(parseKey(`${body}_000000`)).toBeNull();
  });

  it('refuses every single changed character', () => {
    const { text } = generateKey();
    fc.assert(
      fc.property(fc.nat(text.length - 1), fc.constantFrom(...'0Aa_-é '), (at, char) => {
        fc.pre(text[at] !== char);
        expect(parseKey(text.slice(0, at) + char + text.slice(at + 1))).toBeNull();
      }),
      { seed: 7 },
    );
  });

  it('draws the alphabet evenly', () => {
    const counts = new Map<string, number>();
    for (let i = 0; i < 400; i++)
      for (const char of generateKey().secret) counts.set(char, (counts.get(char) ?? 0) + 1);
    const expected = (400 * 32) / 62;
    const chiSquare = [...counts.values()].reduce((sum, n) => sum + (n - expected) ** 2 / expected, 0);
    // 61 degrees of freedom: above 140 happens once in ten million runs.
    expect(counts.size).toBe(62);
    expect(chiSquare).toBeLessThan(140);
  });
});
