import { compositionOf, elementBySymbol } from '../../chemistry';
import type { SiteRecord } from '../../domain';
import { cellContent, cellDensity, type Crystal } from './crystal';
import { FileFormatError, quote } from './format-error';
import { latticeFromVectors, toFractional, type Vector } from './lattice';
import { wrap } from './symmetry';

type Vectors = readonly [Vector, Vector, Vector];
const MAX_SITES = 50_000;

/**
 * Reads a VASP POSCAR (https://www.vasp.at/wiki/index.php/POSCAR), version 5 or later: comment, scale, three cell vectors, a line of
 * element symbols, their counts, "Direct" or "Cartesian", one line a site. The comment becomes the name. Throws a FileFormatError.
 */
export function readPoscar(text: string): Crystal {
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  const words = (line: number, what: string): string[] => {
    const found = lines[line - 1]?.trim().split(/\s+/).filter(Boolean) ?? [];
    if (found.length === 0) throw new FileFormatError(`the file ends or has an empty line; expected ${what}`, line);
    return found;
  };
  const numbers = (line: number, count: number, what: string): number[] => {
    const found = words(line, what).slice(0, count);
    const values = found.map(Number);
    const wrong = values.findIndex((value) => !Number.isFinite(value));
    if (wrong >= 0 || values.length < count) {
      const place = wrong < 0 ? 1 : lines[line - 1]!.indexOf(found[wrong]!) + 1;
      throw new FileFormatError(`${quote(lines[line - 1]!.trim())}; expected ${what}`, line, place);
    }
    return values;
  };

  const scale = numbers(2, 1, 'the scale factor')[0]!;
  const raw = [3, 4, 5].map((line) => numbers(line, 3, 'a cell vector of three numbers')) as unknown as Vectors;
  const factor = scaleFactor(raw, scale);
  const vectors = raw.map((vector) => vector.map((value) => value * factor)) as unknown as Vectors;

  const symbols = words(6, 'the element symbols').map((word) => word.replace(/[/_].*$/, ''));
  const unknown = symbols.find((symbol) => elementBySymbol(symbol) === undefined);
  if (unknown !== undefined)
    throw new FileFormatError(
      /^\d+$/.test(unknown)
        ? 'the counts come before the element symbols (VASP 4); put a line of symbols before them'
        : `unknown element ${quote(unknown)}; expected symbols such as "Ga As"`,
      6,
      lines[5]!.indexOf(unknown) + 1,
    );
  const counts = numbers(7, symbols.length, `${symbols.length} counts, one an element`);
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (counts.some((count) => !Number.isInteger(count) || count < 1) || total > MAX_SITES)
    throw new FileFormatError(`expected counts of atoms from 1 on, ${MAX_SITES} in all, found ${quote(lines[6]!)}`, 7);

  const selective = /^s/i.test(words(8, '"Direct" or "Cartesian"')[0]!) ? 1 : 0;
  const mode = words(8 + selective, '"Direct" or "Cartesian"')[0]!;
  const cartesian = /^[ck]/i.test(mode);
  if (!cartesian && !/^d/i.test(mode))
    throw new FileFormatError(`expected "Direct" or "Cartesian", found ${quote(mode)}`, 8 + selective);

  const elements = symbols.flatMap((symbol, i) => Array<string>(counts[i]!).fill(symbol));
  const sites = elements.map((element, i): SiteRecord => {
    const given = numbers(9 + selective + i, 3, `the position of atom ${i + 1} of ${total}`) as unknown as Vector;
    const scaled = given.map((value) => value * factor) as unknown as Vector;
    const [x, y, z] = (cartesian ? toFractional(vectors, scaled) : given).map(wrap) as [number, number, number];
    return { element, occupancy: 1, x, y, z };
  });
  const cell = readCell(vectors);
  const content = cellContent(sites);
  return {
    name: lines[0]!.trim().slice(0, 200) || null,
    composition: compositionOf(content),
    structure: { lattice: cell, sites },
    spaceGroup: null,
    density: cellDensity(content, cell),
  };
}

function readCell(vectors: Vectors): ReturnType<typeof latticeFromVectors> {
  try {
    return latticeFromVectors(vectors);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new FileFormatError(error.message, 3);
  }
}

/** A negative scale is the wanted volume of the cell in Å³. */
function scaleFactor(vectors: Vectors, scale: number): number {
  if (scale > 0) return scale;
  if (scale === 0) throw new FileFormatError('the scale factor is 0', 2);
  return Math.cbrt(-scale / readCell(vectors).volume);
}
