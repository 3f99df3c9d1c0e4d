/**
 * Makes the starter catalogue, prisma/seed/catalogue.jsonl, from two openly licensed collections of crystals:
 *
 *     apt-get download libavogadro-data && dpkg -x libavogadro-data_*.deb avogadro
 *     npm pack @mat3ra/standata@2024.2.21-0 && tar -xzf mat3ra-standata-*.tgz
 *     node --import tsx prisma/seed/build.ts --cifs avogadro/usr/share/avogadro2/crystals \
 *       --standata package/lib/runtime_data/materials.json
 *
 * Debian's libavogadro-data 1.97.0-3 holds entries of the Crystallography Open Database, placed in the public domain by their contributors and to be
 * cited by their article; its zeolites (of the IZA, other terms) are left out. @mat3ra/standata is Apache-2.0. The same input gives the
 * same file byte for byte. A file that is broken or contradicts itself is left out and named.
 *
 * Each line is a row of the JSONL import (docs/import.md) with `source`, a key of sources.json, and `citation`.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { compositionOf } from '../../src/chemistry';
import {
  cellContent,
  cellDensity,
  cifText,
  FileFormatError,
  lattice,
  parseCif,
  readCifBlock,
  spaceGroupBySymbol,
  type CifBlock,
} from '../../src/catalog/structure';
import { latticeVectors, toCartesian } from '../../src/catalog/structure/lattice';
import type { StructureRecord } from '../../src/domain';

interface SeedRow {
  readonly source: string;
  readonly external_id: string;
  readonly name: string | null;
  readonly formula: string;
  readonly space_group: string | null;
  readonly 'density (g/cm^3)': number | null;
  readonly url: string;
  readonly doi: string | null;
  readonly citation: string;
  readonly structure: StructureRecord;
}

function cifRow(path: string, fileName: string): SeedRow {
  const text = readFileSync(path, 'utf8');
  const [block] = parseCif(text);
  const { name, composition, structure, spaceGroup, density } = readCifBlock(block!);
  refuseOverlap(structure, block!);
  const item = (tag: string): string | null => cifText(block!.items.get(tag)?.[0]);
  const cod = item('_cod_database_code');
  const amcsd = item('_database_code_amcsd');
  if (cod === null && amcsd === null) throw new FileFormatError('no number of COD or AMCSD', block!.line);
  return {
    source: cod === null ? 'amcsd' : 'cod',
    external_id: cod ?? amcsd!,
    name: materialName(name, fileName),
    formula: composition.formula,
    space_group: spaceGroup?.symbol ?? null,
    'density (g/cm^3)': density,
    url:
      cod === null ? 'https://rruff.geo.arizona.edu/AMS/amcsd.php' : `https://www.crystallography.net/cod/${cod}.html`,
    doi: item('_journal_paper_doi'),
    citation: citation(block!),
    structure,
  };
}

/** No bond but those of hydrogen is shorter than 1 Å (N2: 1.10 Å): occupied sites that are closer are an error of the entry. */
function refuseOverlap({ lattice: cell, sites }: StructureRecord, block: CifBlock): void {
  const vectors = latticeVectors(cell);
  const occupied = sites.filter(({ element, occupancy }) => element !== 'H' && occupancy === 1);
  occupied.forEach((one, index) => {
    for (const other of occupied.slice(0, index)) {
      const nearest = (difference: number): number => difference - Math.round(difference);
      const between = [nearest(one.x - other.x), nearest(one.y - other.y), nearest(one.z - other.z)] as const;
      const distance = Math.hypot(...toCartesian(vectors, between));
      if (distance < 1) {
        const pair = `${one.element} and ${other.element}`;
        throw new FileFormatError(`${pair} are ${distance.toFixed(2)} Å apart`, block.line);
      }
    }
  });
}

/** The file's own name for the crystal ("Al2O3-Corundum.cif", "Fe-Iron-alpha.cif"), else what the entry says. */
function materialName(declared: string | null, fileName: string): string | null {
  const [, suffix = ''] = /^[^-]+-(.*)\.cif$/.exec(fileName) ?? [];
  const words = suffix
    .replace(/^(Cubic|Oxalate-)/, '')
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .replace(/-/g, ' ');
  if (/^[A-Z][a-z]{3,}/.test(words)) return words;
  const plain = declared?.replace(/\s+[-(].*$/, '').trim() ?? '';
  return /^[A-Z][a-z]{3,}/.test(plain) ? plain : null;
}

/** "Levien, L.; Prewitt, C. T. American Mineralogist 65, 920–930 (1980)" */
function citation(block: CifBlock): string {
  const item = (tag: string): string => cifText(block.items.get(tag)?.[0])?.replace(/\s+/g, ' ') ?? '';
  const authors = (block.items.get('_publ_author_name') ?? []).map((value) => value.text.trim()).join('; ');
  const [first, last] = [item('_journal_page_first'), item('_journal_page_last')];
  const pages = last === '' || last === first ? first : `${first}–${last}`;
  const place = [item('_journal_volume'), pages].filter(Boolean).join(', ');
  return [authors, item('_journal_name_full'), place, `(${item('_journal_year')})`].filter(Boolean).join(' ');
}

/** A material of @mat3ra/standata, in the ESSE format. */
interface StandataMaterial {
  readonly name: string;
  readonly lattice: Readonly<Record<'a' | 'b' | 'c' | 'alpha' | 'beta' | 'gamma', number>>;
  readonly basis: {
    readonly units: string;
    readonly elements: readonly { readonly value: string }[];
    readonly coordinates: readonly { readonly value: readonly [number, number, number] }[];
  };
  readonly external: { readonly id: string };
}

function standataRow({ name, lattice: cell, basis, external }: StandataMaterial): SeedRow {
  if (basis.units !== 'crystal') throw new Error(`${name}: coordinates in ${basis.units}; expected crystal`);
  const structure = {
    lattice: lattice(cell.a, cell.b, cell.c, cell.alpha, cell.beta, cell.gamma),
    sites: basis.elements.map(({ value: element }, i) => {
      const [x, y, z] = basis.coordinates[i]!.value;
      return { element, occupancy: 1, x, y, z };
    }),
  };
  const content = cellContent(structure.sites);
  const layer = external.id.startsWith('2dm-');
  // "WS2, Tungsten Disulfide, HEX (P6_3/mmc) 3D (Bulk), mp-224"
  const [, title = '', symbol = ''] = /^[^,]+, ([^,]+), \w+ \(([^)]+)\)/.exec(name) ?? [];
  return {
    source: layer ? '2dmatpedia' : 'mp',
    external_id: external.id,
    name: layer ? `${title} monolayer` : title,
    formula: compositionOf(content).formula,
    space_group: spaceGroupBySymbol(symbol)?.symbol ?? null,
    // The cell of a layer is mostly vacuum.
    'density (g/cm^3)': layer ? null : cellDensity(content, structure.lattice),
    url: layer
      ? `http://www.2dmatpedia.org/2dmaterials/doc/${external.id}`
      : `https://next-gen.materialsproject.org/materials/${external.id}`,
    doi: null,
    citation: layer ? 'Zhou, J. et al. Scientific Data 6, 86 (2019)' : 'Jain, A. et al. APL Materials 1, 011002 (2013)',
    structure,
  };
}

function main(): void {
  const { values } = parseArgs({ options: { cifs: { type: 'string' }, standata: { type: 'string' } } });
  if (values.cifs === undefined || values.standata === undefined)
    throw new Error('usage: build.ts --cifs <folder of CIF folders> --standata <materials.json>');
  const rows = new Map<string, SeedRow>();
  const skipped: string[] = [];
  const folders = readdirSync(values.cifs, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== 'zeolites')
    .map((entry) => entry.name)
    .sort();
  for (const folder of folders) {
    for (const file of readdirSync(join(values.cifs, folder)).sort()) {
      if (!file.endsWith('.cif')) continue;
      try {
        const row = cifRow(join(values.cifs, folder, file), file);
        const key = `${row.source} ${row.external_id}`;
        if (rows.has(key)) skipped.push(`${folder}/${file}: ${key} again`);
        else rows.set(key, row);
      } catch (error) {
        if (!(error instanceof FileFormatError)) throw error;
        skipped.push(`${folder}/${file}, line ${error.line}: ${error.message}`);
      }
    }
  }
  const { filesMapByName } = JSON.parse(readFileSync(values.standata, 'utf8')) as {
    filesMapByName: Record<string, StandataMaterial>;
  };
  for (const material of Object.values(filesMapByName)) {
    const row = standataRow(material);
    rows.set(`${row.source} ${row.external_id}`, row);
  }
  const lines = [...rows.values()].map((row) => JSON.stringify(row, tidyNumber));
  writeFileSync(join(__dirname, 'catalogue.jsonl'), `${lines.join('\n')}\n`);
  console.log(`${rows.size} materials; left out:\n${skipped.map((line) => `  ${line}`).join('\n')}`);
}

/** Seven digits after the point: below them is floating-point noise that differs between machines. */
function tidyNumber(_key: string, value: unknown): unknown {
  return typeof value === 'number' ? Number(value.toFixed(7)) : value;
}

main();
