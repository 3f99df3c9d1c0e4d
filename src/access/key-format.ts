import { randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';

/**
 * `bgl_live_<id 8>_<secret 32>_<crc 6>`, base62 throughout. The secret holds 190 bits (32 × log2 62). The checksum is
 * the CRC-32 of what stands before it, so that a typing error, or a scanner's false hit, costs no database look-up.
 */
const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const PATTERN = /^(bgl_live_([0-9A-Za-z]{8}))_([0-9A-Za-z]{32})_([0-9A-Za-z]{6})$/;
/** The longest header value that is looked at. */
export const KEY_LENGTH = 'bgl_live_'.length + 8 + 1 + 32 + 1 + 6;

export interface ParsedKey {
  /** `bgl_live_<id 8>`: shown in lists and unique in the database. */
  readonly prefix: string;
  readonly secret: string;
}

/** Uniform over the alphabet: bytes above the largest multiple of 62 are drawn again. */
function randomBase62(length: number): string {
  let text = '';
  while (text.length < length) {
    for (const byte of randomBytes(length)) {
      if (byte < 248 && text.length < length) text += ALPHABET[byte % 62];
    }
  }
  return text;
}

function checksum(text: string): string {
  let rest = crc32(text);
  let digits = '';
  for (let i = 0; i < 6; i++) {
    digits = ALPHABET[rest % 62] + digits;
    rest = Math.floor(rest / 62);
  }
  return digits;
}

export function generateKey(): ParsedKey & { readonly text: string } {
  const prefix = `bgl_live_${randomBase62(8)}`;
  const secret = randomBase62(32);
  return { prefix, secret, text: writeKey({ prefix, secret }) };
}

export function writeKey({ prefix, secret }: ParsedKey): string {
  const body = `${prefix}_${secret}`;
  return `${body}_${checksum(body)}`;
}

/** Null for anything that is not a key with a right checksum; no database is needed to say so. */
export function parseKey(text: string): ParsedKey | null {
  if (text.length !== KEY_LENGTH) return null;
  const match = PATTERN.exec(text);
  if (!match) return null;
  const [, prefix, , secret, crc] = match as unknown as [string, string, string, string, string];
  return checksum(`${prefix}_${secret}`) === crc ? { prefix, secret } : null;
}
