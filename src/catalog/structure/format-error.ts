/** A file that does not follow its format: what is wrong and where, both counted from 1. */
export class FileFormatError extends Error {
  override readonly name = 'FileFormatError';
  constructor(
    message: string,
    readonly line: number,
    readonly column: number = 1,
  ) {
    super(message);
  }
}

/** Shows a stretch of foreign text in a message: short and on one line. */
export function quote(text: string): string {
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text);
}
