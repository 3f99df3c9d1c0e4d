import { FormulaError, parseFormula, type Composition } from '../chemistry';
import type { Words } from './language';
import { lowerCaseFormula, subjectOf, type NameBook } from './names';

export interface Subjects {
  /** The question with each composition as one word, `#compound`: what the reader reads, and where the numbers are looked for. */
  readonly masked: string;
  /** In the order of the text, each once. */
  readonly compositions: readonly Composition[];
  /** Why what looks like a composition is none; set only if there is no other. */
  readonly problem:
    | { readonly wrongFormula: string }
    | { readonly name: string; readonly candidates: readonly string[] }
    | { readonly mixture: string }
    | null;
}

interface Span {
  readonly start: number;
  readonly end: number;
  readonly composition: Composition;
  /** By name; counts beside a formula only if the two are compared. */
  readonly named: boolean;
}

const CHUNK = /\S+/g;
const OPENING = /^["'“‘„(]+/;
const CLOSING = /(?:['’]s)?[.,;:?!"'”’]*$/;

/** Finds the compositions of a question: formulas, then names. No raw text goes further than this: what follows sees only what was parsed. */
export function findSubjects(question: string, book: NameBook, words: Words): Subjects {
  const text = question.replace(/#/g, ' ').replace(words.idioms, (idiom) => '·'.repeat(idiom.length));
  let problem: Subjects['problem'] = null;
  const spans: Span[] = [];
  for (const { start, piece, before, after } of formulaCandidates(text)) {
    const found = readFormula(piece, { before, after }, words);
    if (found instanceof FormulaError) problem ??= { wrongFormula: found.message };
    else if (found) spans.push({ start, end: start + found.input.length, composition: found, named: false });
  }
  dropAcronyms(spans, text, words);
  const formulas = spans.length;
  for (const span of namedSpans(text, book, (name) => (problem ??= name))) {
    if (spans.some((other) => span.start < other.end && other.start < span.end)) continue;
    if (formulas === 0 || comparedWith(spans, span, text, words)) spans.push(span);
  }
  spans.sort((a, b) => a.start - b.start);
  const compositions = spans.map(({ composition }) => composition);
  const unique = compositions.filter((one, i) => compositions.findIndex(({ key }) => key === one.key) === i);
  return { masked: masked(question, spans), compositions: unique, problem: spans.length > 0 ? null : problem };
}

/** Pieces of the text between blanks that may be formulas; lists ("GaN/GaAs", "GaN,GaAs") are taken apart, "cp(UO2)" opened. */
function* formulaCandidates(text: string) {
  let before = '';
  for (const { 0: chunk, index } of text.matchAll(CHUNK)) {
    const opening = /^[^\sA-Z]*\p{Ll}[^\s(]*\((?=.+\))/u.exec(chunk)?.[0] ?? OPENING.exec(chunk)?.[0] ?? '';
    // A bracket that opens a formula belongs to it: (Ba0.5Sr0.5)TiO3.
    const skipped = opening === '(' && /\)./.test(chunk) ? 0 : opening.length;
    let rest = chunk.slice(skipped).replace(CLOSING, '');
    if (rest.endsWith(')') && !rest.includes('(')) rest = rest.slice(0, -1);
    let start = index + skipped;
    for (const piece of rest.split(/(?<=[A-Za-z0-9)\]])[,/](?=[A-Z([])/)) {
      const after = /^\S*\s+(\S+)/.exec(text.slice(start + piece.length))?.[1] ?? '';
      yield { start, piece, before, after };
      start += piece.length + 1;
      before = piece;
    }
    before = chunk;
  }
}

interface Around {
  readonly before: string;
  readonly after: string;
}

function readFormula(piece: string, around: Around, words: Words): Composition | FormulaError | null {
  const { before } = around;
  if (words.notFormulas.has(piece) && !(piece.length <= 2 && words.beforeSymbol.test(before))) return null;
  // "iron(III)"
  if (/^\(?[IVX]{2,}\)?$/.test(piece)) return null;
  // "5 cm3"
  if (/^[a-z]/.test(piece) && /\d$/.test(before)) return null;
  if (/^[a-z]/.test(piece)) return keepInput(lowerCaseFormula(piece), piece);
  if (!/^[A-Z([]/.test(piece)) return null;
  // One symbol alone may be a unit ("300 K", "in K") or an initial.
  if (/^[A-Z][a-z]?$/.test(piece) && !symbolIsMeant(piece, around, words)) return null;
  try {
    return parseFormula(piece);
  } catch (error) {
    if (!(error instanceof FormulaError)) throw error;
    const head = /^[^-–]+(?=[-–][a-z])/.exec(piece)?.[0]; // "GaN-based"
    if (head !== undefined && !/^[A-Z][a-z]*$/.test(head)) return readFormula(head, around, words);
    const looksLikeOne = /^[A-Z([][A-Za-z]*\d/.test(piece) || /^[A-Z][a-z]?([A-Z][a-z]?){1,}$/.test(piece);
    return looksLikeOne ? error : null;
  }
}

const keepInput = (composition: Composition | null, input: string): Composition | null =>
  composition && { ...composition, input };

function symbolIsMeant(symbol: string, { before, after }: Around, words: Words): boolean {
  if (/\d$/.test(before)) return false;
  if (symbol.length === 1 && words.afterSymbol.test(after)) return true;
  if (symbol.length === 1 || words.notFormulas.has(symbol)) return words.beforeSymbol.test(before);
  return true;
}

function* namedSpans(
  text: string,
  book: NameBook,
  refuse: (problem: NonNullable<Subjects['problem']>) => void,
): Generator<Span> {
  const tokens = [...text.matchAll(/\([ivx]+\)|[\p{L}][\p{L}\p{M}\d]*(?:[-'][\p{L}\p{M}\d]+)*/giu)].map((match) => ({
    word: match[0].toLowerCase().replace(/['’]s$/, ''),
    start: match.index,
    end: match.index + match[0].length,
  }));
  for (let at = 0; at < tokens.length;) {
    const found = book.match(tokens.slice(at, at + 6).map(({ word }) => word));
    const start = tokens[at]!.start;
    const end = found ? tokens[at + found.words - 1]!.end : start;
    if (found && 'composition' in found) {
      yield { start, end, composition: { ...found.composition, input: found.composition.input }, named: true };
    } else if (found && 'candidates' in found) {
      refuse({ name: text.slice(start, end), candidates: found.candidates });
    } else if (found) {
      refuse({ mixture: found.mixture });
    }
    at += found?.words ?? 1;
  }
}

/** "GaN or diamond": a word of comparison and nothing of another composition between the two. */
function comparedWith(spans: readonly Span[], span: Span, text: string, words: Words): boolean {
  return spans.some((other) => {
    const between = text.slice(Math.min(span.end, other.end), Math.max(span.start, other.start));
    return words.between.test(between);
  });
}

/** "UV", "DFPT": capitals alone are no formula beside one that can be nothing else, unless the two are compared. */
function dropAcronyms(spans: Span[], text: string, words: Words): void {
  const isAcronym = ({ composition }: Span) => /^[A-Z]{2,5}$/.test(composition.input);
  if (spans.every(isAcronym)) return;
  const kept = spans.filter((span) => !isAcronym(span));
  const compared = spans.filter((span) => isAcronym(span) && comparedWith(kept, span, text, words));
  spans.splice(0, spans.length, ...kept, ...compared);
}

function masked(question: string, spans: readonly Span[]): string {
  let result = '';
  let at = 0;
  for (const { start, end, composition } of spans) {
    result += `${question.slice(at, start).replace(/#/g, ' ')} #${subjectOf(composition)} `;
    at = end;
  }
  return result + question.slice(at).replace(/#/g, ' ');
}
