import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { createCatalogWriter } from '../catalog';
import { fileBookmark, importFromProvider, importMaterials, type ProviderImportResult } from '../catalog/import';
import { readConfig } from '../config';
import { openDatabase, silentLog } from '../data';
import { BeagleError, IMPORT_FORMATS, type ImportFormat, type ImportResult } from '../domain';
import { choiceOption, runCommand, UsageError } from './command';
import { progressBar } from './output';

const USAGE = `Import materials into the catalogue, from a file (all of them or none) or from an OPTIMADE provider (page by page).

  npm run import -- FILE [options]
  npm run import -- --optimade URL [options]
  npm run import -- perovskites.csv --source "Perovskites of 2024" --source-doi 10.1000/182

FILE is CSV, JSON Lines, CIF, POSCAR or OPTIMADE JSON (docs/import.md); - is standard input.

  --format F           csv, jsonl, cif, poscar, optimade_json; by default from the name of the file
  --source NAME        the data set that the materials belong to; by default the name of the file
  --source-url URL     --source-doi DOI     --source-licence LICENCE
  --skip-bad-rows      import the good rows; otherwise one bad row and nothing is imported
  --json               the report as JSON
  --optimade URL       a provider's base URL, or its structures endpoint with a filter; broken off, the same command goes on
  --restart            begin with the first page nevertheless

A material that its source has already, by external id, is updated.
Exit code: 0 all imported, 1 nothing imported, 2 called wrongly, 3 imported without the bad rows.`;

/** Bad rows in the printed report; the JSON one has more. */
const SHOWN_ERRORS = 20;

const EXTENSIONS: Readonly<Record<string, ImportFormat>> = {
  '.csv': 'CSV',
  '.jsonl': 'JSONL',
  '.ndjson': 'JSONL',
  '.cif': 'CIF',
  '.poscar': 'POSCAR',
  '.vasp': 'POSCAR',
  '.json': 'OPTIMADE_JSON',
};

runCommand(USAGE, async (args, signal) => {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      format: { type: 'string' },
      source: { type: 'string' },
      'source-url': { type: 'string' },
      'source-doi': { type: 'string' },
      'source-licence': { type: 'string' },
      'skip-bad-rows': { type: 'boolean' },
      json: { type: 'boolean' },
      optimade: { type: 'string' },
      restart: { type: 'boolean' },
    },
  });
  const { optimade: url } = values;
  if (url !== undefined) {
    if (positionals.length > 0 || values.format !== undefined)
      throw new UsageError('--optimade takes neither a file nor a format');
    await importProvider(url, values, signal);
    return;
  }
  const [file, ...others] = positionals;
  if (file === undefined || others.length > 0) throw new UsageError('one file is needed');
  const format = formatOf(file, values.format);
  const name = (values.source ?? (file === '-' ? '' : basename(file, extname(file)))).trim();
  if (name === '') throw new UsageError('a data set has a name: --source NAME');
  const size = file === '-' ? null : await sizeOf(file);

  const { databaseUrl, dataFolder } = readConfig();
  const database = await openDatabase({ url: databaseUrl, dataFolder, log: silentLog });
  const progress = progressBar('Importing');
  let bytes = 0;
  async function* content(): AsyncGenerator<Uint8Array> {
    for await (const piece of file === '-' ? process.stdin : createReadStream(file!)) {
      signal.throwIfAborted();
      yield piece as Uint8Array;
      bytes += (piece as Uint8Array).byteLength;
    }
  }
  try {
    const result = await importMaterials(createCatalogWriter(database), {
      format,
      content: content(),
      source: {
        name,
        url: values['source-url'],
        doi: values['source-doi'],
        licence: values['source-licence'],
      },
      onError: values['skip-bad-rows'] ? 'SKIP_ROW' : 'REJECT_ALL',
      onProgress: () => {
        if (size !== null) progress.update(bytes, size);
      },
    });
    progress.stop();
    console.log(values.json ? JSON.stringify(result, null, 2) : report(result));
    process.exitCode = !result.imported ? 1 : result.skipped > 0 ? 3 : 0;
  } finally {
    progress.stop();
    await database.close();
  }
});

interface Options {
  readonly source?: string;
  readonly 'source-url'?: string;
  readonly 'source-doi'?: string;
  readonly 'source-licence'?: string;
  readonly 'skip-bad-rows'?: boolean;
  readonly json?: boolean;
  readonly restart?: boolean;
}

async function importProvider(url: string, values: Options, signal: AbortSignal): Promise<void> {
  if (!URL.canParse(url)) throw new UsageError(`${JSON.stringify(url)} is no address`);
  const name = values.source?.trim() || new URL(url).host;
  const { databaseUrl, dataFolder } = readConfig();
  const bookmark = fileBookmark(join(dataFolder, 'imports'), url, name);
  if (values.restart) await bookmark.clear();
  const database = await openDatabase({ url: databaseUrl, dataFolder, log: silentLog });
  const progress = progressBar('Importing');
  try {
    const result = await importFromProvider(createCatalogWriter(database), {
      url,
      source: {
        name,
        url: values['source-url'] ?? new URL(url).origin,
        doi: values['source-doi'],
        licence: values['source-licence'],
      },
      onError: values['skip-bad-rows'] ? 'SKIP_ROW' : 'REJECT_ALL',
      signal,
      bookmark,
      onProgress: (entries, total) => {
        if (total !== null) progress.update(Math.min(entries, total), total);
      },
    });
    progress.stop();
    console.log(values.json ? JSON.stringify(result, null, 2) : providerReport(result));
    process.exitCode = !result.complete ? 1 : result.skipped > 0 ? 3 : 0;
  } finally {
    progress.stop();
    await database.close();
  }
}

function providerReport({ complete, created, updated, skipped, resumed, errors }: ProviderImportResult): string {
  const lines = errors.slice(0, SHOWN_ERRORS).map(({ row, message }) => `  entry ${row}: ${message}`);
  const done = `${resumed ? 'Went on, and created' : 'Created'} ${created} and updated ${updated} materials`;
  if (!complete)
    return [`${done}; stopped before a page with bad entries (--skip-bad-rows leaves them out):`, ...lines].join('\n');
  return skipped === 0 ? done : [`${done}; left out ${skipped} bad entries:`, ...lines].join('\n');
}

function formatOf(file: string, given: string | undefined): ImportFormat {
  if (given !== undefined) return choiceOption('--format', given, IMPORT_FORMATS);
  const named = /^(POSCAR|CONTCAR)/.test(basename(file)) ? 'POSCAR' : EXTENSIONS[extname(file).toLowerCase()];
  if (named === undefined) throw new UsageError(`the name of ${file} does not tell its format: --format F`);
  return named;
}

async function sizeOf(file: string): Promise<number> {
  const found = await stat(file).catch((error: NodeJS.ErrnoException) => {
    throw new BeagleError('BAD_USER_INPUT', `${file} cannot be read (${error.code})`);
  });
  if (!found.isFile()) throw new BeagleError('BAD_USER_INPUT', `${file} is no file`);
  return found.size;
}

function report(result: ImportResult): string {
  const lines = result.errors.slice(0, SHOWN_ERRORS).map(({ row, message }) => `  line ${row}: ${message}`);
  const rest = result.errors.length - lines.length;
  if (rest > 0) lines.push(`  and ${rest} more, which --json lists`);
  if (!result.imported) return ['Nothing was imported:', ...lines].join('\n');
  const { created, updated, skipped } = result;
  const done = `Created ${created} and updated ${updated} materials`;
  return skipped === 0 ? done : [`${done}; left out ${skipped} bad rows:`, ...lines].join('\n');
}
