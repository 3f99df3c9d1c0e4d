/** A value of a table, in every format: null is absent. Times are UTC. */
export type Cell = string | number | boolean | Date | object | null;
export type Row = readonly Cell[];

export interface Column {
  /** Unique in its table; with the unit, as in the headers that the importer reads: `band_gap (eV)`. */
  readonly name: string;
  /** `object` is plain data that only JSON can hold: the other formats leave such columns out. */
  readonly type: 'text' | 'integer' | 'number' | 'boolean' | 'time' | 'object';
}

/** What an export writes: columns, and rows a page at a time, so that no more than a page is held. */
export interface Table {
  readonly columns: readonly Column[];
  /** Of the whole table: where it comes from, the model. Every format has a place for it or a column. */
  readonly metadata: Readonly<Record<string, string>>;
  pages(signal: AbortSignal): AsyncIterable<readonly Row[]>;
}

/** Only the columns that a format can hold. */
export function without(type: Column['type'], { columns, ...table }: Table): Table {
  const kept = [...columns.keys()].filter((i) => columns[i]!.type !== type);
  return {
    ...table,
    columns: kept.map((i) => columns[i]!),
    async *pages(signal) {
      for await (const page of table.pages(signal)) yield page.map((row) => kept.map((i) => row[i]!));
    },
  };
}

/** Appends `#2`, `#3` … to names that are there already. */
export function unique(columns: readonly Column[]): Column[] {
  const seen = new Map<string, number>();
  return columns.map((column) => {
    const times = (seen.get(column.name) ?? 0) + 1;
    seen.set(column.name, times);
    return times === 1 ? column : { ...column, name: `${column.name} #${times}` };
  });
}
