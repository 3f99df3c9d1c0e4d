import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';

/** Which compositions a property was trained on (`training-compositions.tsv.gz`); read at the first question. */
export class TrainingIndex {
  private properties: Promise<ReadonlyMap<string, readonly number[]>> | null = null;

  /** @param file null for a package without one: nothing is in the training data then */
  constructor(private readonly file: string | null) {}

  /** @param property index into the manifest's properties */
  async has(compositionKey: string, property: number): Promise<boolean> {
    this.properties ??= this.read();
    return (await this.properties).get(compositionKey)?.includes(property) ?? false;
  }

  /** Canonical keys of all compositions that any property was trained on. */
  async keys(): Promise<Iterable<string>> {
    this.properties ??= this.read();
    return (await this.properties).keys();
  }

  private async read(): Promise<ReadonlyMap<string, readonly number[]>> {
    const index = new Map<string, readonly number[]>();
    if (this.file === null) return index;
    const text = (await promisify(gunzip)(await readFile(this.file))).toString('latin1');
    // Few distinct lists of properties: sharing them keeps the index small.
    const lists = new Map<string, readonly number[]>();
    for (const line of text.split('\n')) {
      const tab = line.indexOf('\t');
      if (tab < 0) continue;
      const listed = line.slice(tab + 1);
      let list = lists.get(listed);
      if (!list) lists.set(listed, (list = listed.split(',').map(Number)));
      index.set(line.slice(0, tab), list);
    }
    return index;
  }
}
