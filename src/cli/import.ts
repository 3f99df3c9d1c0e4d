import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import { parseArgs } from 'node:util';
import { createCatalogWriter } from '../catalog';
import { importMaterials } from '../catalog/import';
import { readConfig } from '../config';
import { openDatabase, silentLog } from '../data';
import { BeagleError, IMPORT_FORMATS, type ImportFormat, type ImportResult } from '../domain';
import { choiceOption, runCommand, UsageError } from './command';
import { progressBar } from './output';

const USAGE = `Import materials into the catalogue, all of them or none.

  npm run import -- FILE [options]
  npm run import -- perovskites.csv --source "Perovskites of 2024" --source-doi 10.1000/182

FILE is CSV, JSON Lines, CIF, POSCAR or OPTIMADE JSON (docs/import.md); - is standard input.

  --format F           csv, jsonl, cif, poscar, optimade_json; by default from the name of the file
  --source NAME        the data set that the materials belong to; by default the name of the file
  --source-url URL     --source-doi DOI     --source-licence LICENCE
  --skip-bad-rows      import the good rows; otherwise one bad row and nothing is imported
  --json               the report as JSON

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
    },
  });
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
