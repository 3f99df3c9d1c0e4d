import type { SourceRecord } from '../../domain';
import { Prisma } from '../generated/client';
import type { ReadingSession } from '../reading';
import type { Sources } from './rows';

const FRESH_MS = 1_000;
const MOST_KEPT = 10_000;

/**
 * Sources by id, as they were at most a second ago. There are few of them and they hardly change, while joining them costs a page of
 * materials a tenth of a millisecond, most of it in the planner (`npm run bench:catalogue`). What this process changes is seen at once (`forget`);
 * the name of a source never changes.
 */
export class SourceReader {
  private known = new Map<string, { readonly source: SourceRecord; readonly readAt: number }>();

  constructor(private readonly session: ReadingSession) {}

  /** Of these rows; a statement only where one of their sources is not known. */
  async of(rows: readonly { readonly source_id: string }[]): Promise<Sources> {
    // What began before something was forgotten must not be kept: it may have read what was there before.
    const { known } = this;
    const now = performance.now();
    const found = new Map<string, SourceRecord>();
    const missing = new Set<string>();
    for (const { source_id: id } of rows) {
      const entry = known.get(id);
      if (entry && now - entry.readAt < FRESH_MS) found.set(id, entry.source);
      else missing.add(id);
    }
    if (missing.size > 0) {
      for (const source of await this.read([...missing])) {
        found.set(source.id, source);
        if (known.size >= MOST_KEPT) known.clear();
        known.set(source.id, { source, readAt: now });
      }
    }
    return found;
  }

  /** By id. */
  async all(): Promise<SourceRecord[]> {
    return this.session.$queryRaw`SELECT id, name, url, doi, licence FROM sources ORDER BY id`;
  }

  forget(): void {
    this.known = new Map();
  }

  private read(ids: readonly string[]): Promise<SourceRecord[]> {
    const statement = Prisma.sql`SELECT id, name, url, doi, licence FROM sources WHERE id = ANY(${ids}::uuid[])`;
    return this.session.records(statement, { prepared: 'always' });
  }
}
