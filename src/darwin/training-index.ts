import { readFile } from 'node:fs/promises';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { KeyIndex } from '../chemistry';
import { TrainingDomain } from './training-domain';

/** Lines that are read between two turns of the event loop: a few milliseconds. */
const LINES_A_TURN = 2000;

/** Which compositions a property was trained on (`training-compositions.tsv.gz`); read at the first question. */
export class TrainingIndex {
  private properties: Promise<ReadonlyMap<string, readonly number[]>> | null = null;
  private index: Promise<KeyIndex> | null = null;
  private readonly domains = new Map<number, Promise<TrainingDomain>>();

  /** @param file null for a package without one: nothing is in the training data then */
  constructor(private readonly file: string | null) {}

  /** @param property index into the manifest's properties */
  async has(compositionKey: string, property: number): Promise<boolean> {
    return (await this.table()).get(compositionKey)?.includes(property) ?? false;
  }

  /** All compositions that any property was trained on. */
  compositions(): Promise<KeyIndex> {
    this.index ??= this.table().then((table) => KeyIndex.of([...table.keys()]));
    return this.index;
  }

  /** @param property index into the manifest's properties */
  domain(property: number): Promise<TrainingDomain> {
    let domain = this.domains.get(property);
    if (domain === undefined) this.domains.set(property, (domain = this.readDomain(property)));
    return domain;
  }

  private async readDomain(property: number): Promise<TrainingDomain> {
    const [table, compositions] = await Promise.all([this.table(), this.compositions()]);
    return TrainingDomain.of(compositions, (key) => table.get(key)?.includes(property) ?? false);
  }

  private table(): Promise<ReadonlyMap<string, readonly number[]>> {
    this.properties ??= this.read();
    return this.properties;
  }

  private async read(): Promise<ReadonlyMap<string, readonly number[]>> {
    const index = new Map<string, readonly number[]>();
    if (this.file === null) return index;
    const text = (await promisify(gunzip)(await readFile(this.file))).toString('latin1');
    // Few distinct lists of properties: sharing them keeps the index small.
    const lists = new Map<string, readonly number[]>();
    for (let start = 0, lines = 0; start < text.length; lines++) {
      if (lines % LINES_A_TURN === 0) await nextTurn();
      const end = text.indexOf('\n', start);
      const line = text.slice(start, end < 0 ? undefined : end);
      start += line.length + 1;
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
