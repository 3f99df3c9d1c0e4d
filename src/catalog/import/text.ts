import { StringDecoder } from 'node:string_decoder';
import { ImportFileError } from './problem';
import type { ImportSource } from './row';

/** The lines of a file (LF or CRLF, a byte order mark dropped), at most `maxLength` characters each. */
export async function* readLines(source: ImportSource, maxLength: number): AsyncGenerator<string> {
  let rest = '';
  let line = 1;
  const tooLong = (): ImportFileError =>
    new ImportFileError(`the line is longer than ${maxLength.toLocaleString('en')} characters`, line);
  for await (const text of decoded(source)) {
    rest += text;
    let start = 0;
    for (let end = rest.indexOf('\n'); end >= 0; end = rest.indexOf('\n', start)) {
      if (end - start > maxLength) throw tooLong();
      yield rest.slice(start, end).replace(/\r$/, '');
      start = end + 1;
      line++;
    }
    rest = rest.slice(start);
    if (rest.length > maxLength) throw tooLong();
  }
  if (rest !== '') yield rest.replace(/\r$/, '');
}

/** Files of formats that are read whole; 64 MB hold some ten thousand crystals. */
export const MAX_FILE_LENGTH = 64_000_000;

/** A whole file, for formats that cannot be read in pieces. */
export async function readAll(source: ImportSource, maxLength: number): Promise<string> {
  const parts: string[] = [];
  let length = 0;
  for await (const text of decoded(source)) {
    length += text.length;
    if (length > maxLength)
      throw new ImportFileError(
        `the file is longer than ${maxLength.toLocaleString('en')} characters; split it, or import JSONL, which is read in pieces`,
        1,
      );
    parts.push(text);
  }
  return parts.join('');
}

async function* decoded(source: ImportSource): AsyncGenerator<string> {
  const decoder = new StringDecoder('utf8');
  let first = true;
  for await (const piece of source) {
    let text =
      typeof piece === 'string' ? piece : decoder.write(Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength));
    if (first && text !== '') {
      text = text.replace(/^\uFEFF/, '');
      first = false;
    }
    yield text;
  }
  yield decoder.end();
}
