import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { BeagleError, type CatalogWriter, type OnImportError, type RowError, type SourceInput } from '../../domain';
import { importMaterials } from './import-materials';
import { MAX_FILE_LENGTH, readAll } from './text';

export interface ProviderImport {
  /** Where the entries are; see `structuresUrl`. */
  readonly url: string;
  readonly source: SourceInput;
  /** REJECT_ALL: a page with a bad entry ends the import, the pages before it stay. */
  readonly onError?: OnImportError;
  readonly signal?: AbortSignal;
  readonly onProgress?: (entries: number, total: number | null) => void;
  /** Remembers the next page, so that an import that was broken off goes on there. */
  readonly bookmark?: Bookmark;
  /** For tests: a clock that does not wait. */
  readonly wait?: (ms: number) => Promise<void>;
}

export interface Bookmark {
  load(): Promise<string | null>;
  save(next: string): Promise<void>;
  clear(): Promise<void>;
}

export interface ProviderImportResult {
  readonly complete: boolean;
  readonly created: number;
  readonly updated: number;
  readonly skipped: number;
  /** Whether it went on where an earlier import had been broken off. */
  readonly resumed: boolean;
  /** `row` counts the entries of this run; the first 1,000. */
  readonly errors: readonly RowError[];
}

const LISTED = 1_000;
const ATTEMPTS = 8;
const REQUEST_TIMEOUT_MS = 60_000;
const LONGEST_WAIT_MS = 10 * 60_000;
/** A page that most providers give; who gives less is asked without a number. */
const PAGE_LIMIT = 100;

/**
 * Imports the structures of an OPTIMADE provider page by page, each in a transaction of its own: killed between two, or in the middle of
 * one, it goes on without a duplicate (entries are known by source and id). It waits as long as the provider's `request_delay` says after each
 * page, and as `Retry-After` says when it is refused (429, 503).
 *
 * @throws BeagleError for an address that is no OPTIMADE server, or a provider that keeps failing
 */
export async function importFromProvider(
  writer: CatalogWriter,
  options: ProviderImport,
): Promise<ProviderImportResult> {
  const {
    source,
    onError = 'REJECT_ALL',
    signal,
    onProgress,
    bookmark,
    wait = (ms) => sleep(ms, undefined, { signal }),
  } = options;
  const marked = (await bookmark?.load()) ?? null;
  const totals = { created: 0, updated: 0, skipped: 0 };
  const errors: RowError[] = [];
  let entries = 0;
  for (let url: string | null = marked ?? structuresUrl(options.url); url !== null;) {
    signal?.throwIfAborted();
    const page: Page = await readPage(url, { signal, wait });
    const result = await importMaterials(writer, { format: 'OPTIMADE_JSON', content: page.text, source, onError });
    const numbered = result.errors.map((error) => ({ ...error, row: entries + error.row }));
    errors.push(...numbered.slice(0, LISTED - errors.length));
    if (!result.imported) return { complete: false, ...totals, resumed: marked !== null, errors };
    totals.created += result.created;
    totals.updated += result.updated;
    totals.skipped += result.skipped;
    entries += page.entries;
    onProgress?.(entries, page.total);
    if (page.next === url) throw new BeagleError('BAD_USER_INPUT', `${url} names itself as its next page`);
    url = page.next;
    if (url === null) await bookmark?.clear();
    else {
      await bookmark?.save(url);
      if (page.delayMs > 0) await wait(page.delayMs);
    }
  }
  return { complete: true, ...totals, resumed: marked !== null, errors };
}

/** `https://host/optimade`, `…/v1` and `…/v1/structures?filter=…` lead to the same endpoint. @throws BeagleError */
export function structuresUrl(text: string): string {
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol))
    throw new BeagleError('BAD_USER_INPUT', `${JSON.stringify(text)} is no http or https address`);
  const url = new URL(text);
  const path = url.pathname.replace(/\/+$/, '');
  url.pathname = path.endsWith('/structures')
    ? path
    : /\/v\d[\d.]*$/.test(path)
      ? `${path}/structures`
      : `${path}/v1/structures`;
  if (!url.searchParams.has('page_limit')) url.searchParams.set('page_limit', String(PAGE_LIMIT));
  return url.href;
}

interface Page {
  readonly text: string;
  readonly entries: number;
  readonly total: number | null;
  readonly next: string | null;
  readonly delayMs: number;
}

const Listing = z.looseObject({
  data: z.array(z.unknown()),
  links: z
    .looseObject({ next: z.union([z.string(), z.looseObject({ href: z.string().nullish() }), z.null()]).optional() })
    .nullish(),
  meta: z
    .looseObject({
      request_delay: z.number().nonnegative().optional().catch(undefined),
      data_returned: z.number().optional().catch(undefined),
    })
    .nullish(),
});

async function readPage(
  url: string,
  { signal, wait }: { signal?: AbortSignal; wait: (ms: number) => Promise<void> },
): Promise<Page> {
  let failure = '';
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    let pause = Math.min(1_000 * 2 ** attempt, 60_000);
    try {
      const timeout = AbortSignal.timeout(REQUEST_TIMEOUT_MS);
      const response = await fetch(url, {
        headers: { accept: 'application/vnd.api+json, application/json' },
        signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
      });
      if (response.ok) return pageOf(url, await readAll(response.body ?? [], MAX_FILE_LENGTH));
      failure = `HTTP ${response.status}${await reason(response)}`;
      if (response.status === 403 && new URL(url).searchParams.get('page_limit') === String(PAGE_LIMIT)) {
        // Its largest page is smaller (OPTIMADE 1.2: 403 for a page_limit that is too large).
        url = withoutLimit(url);
        continue;
      }
      if (response.status !== 429 && response.status < 500) break;
      pause = retryAfter(response.headers.get('retry-after')) ?? pause;
    } catch (error) {
      signal?.throwIfAborted();
      if (error instanceof BeagleError) throw error;
      // fetch says only that it failed; the cause says why.
      const { cause, message } = error as Error & { cause?: { message?: string } };
      failure = cause?.message ?? message;
    }
    if (attempt + 1 < ATTEMPTS) await wait(Math.min(pause, LONGEST_WAIT_MS));
  }
  throw new BeagleError('BAD_USER_INPUT', `${url} cannot be read: ${failure}`);
}

function pageOf(url: string, text: string): Page {
  const wrong = (what: string) => new BeagleError('BAD_USER_INPUT', `${url} is no OPTIMADE listing: ${what}`);
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    throw wrong('it answers no JSON');
  }
  const parsed = Listing.safeParse(document);
  if (!parsed.success) throw wrong('it has no list "data"');
  const { data, links, meta } = parsed.data;
  const link = links?.next ?? null;
  const href = typeof link === 'string' ? link : (link?.href ?? null);
  const next = href === null || href === '' ? null : new URL(href, url);
  if (next !== null && !/^https?:$/.test(next.protocol)) throw wrong(`its next page is at ${next.protocol}`);
  return {
    text,
    entries: data.length,
    total: meta?.data_returned ?? null,
    next: next?.href ?? null,
    delayMs: Math.min((meta?.request_delay ?? 0) * 1_000, LONGEST_WAIT_MS),
  };
}

async function reason(response: Response): Promise<string> {
  const Errors = z.looseObject({ errors: z.array(z.looseObject({ detail: z.string() })).min(1) });
  const body = Errors.safeParse(await response.json().catch(() => null));
  return body.success ? `: ${body.data.errors[0]!.detail.slice(0, 300)}` : '';
}

function withoutLimit(text: string): string {
  const url = new URL(text);
  url.searchParams.delete('page_limit');
  return url.href;
}

/** Seconds, or a date (RFC 9110, 10.2.3); null for neither. */
function retryAfter(header: string | null): number | null {
  if (header === null) return null;
  if (/^\d+$/.test(header.trim())) return Number(header) * 1_000;
  const at = Date.parse(header);
  return Number.isNaN(at) ? null : Math.max(0, at - Date.now());
}

/** A bookmark in a folder, one file for an address and a source. */
export function fileBookmark(folder: string, url: string, source: string): Bookmark {
  const name = createHash('sha256')
    .update(JSON.stringify([structuresUrl(url), source]))
    .digest('hex')
    .slice(0, 16);
  const file = join(folder, `${name}.json`);
  return {
    async load() {
      const text = await readFile(file, 'utf8').catch(() => null);
      return text === null ? null : (JSON.parse(text) as { next: string }).next;
    },
    async save(next) {
      await mkdir(folder, { recursive: true });
      // Renamed into place: a kill leaves the old one or the new one.
      await writeFile(`${file}.part`, JSON.stringify({ next }));
      await rename(`${file}.part`, file);
    },
    clear: () => rm(file, { force: true }),
  };
}
