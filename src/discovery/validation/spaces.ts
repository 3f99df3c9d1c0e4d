import { ELEMENTS, type Composition } from '../../chemistry';
import type { DesignSpaceInput, EnumerateInput, EvolveInput, MixInput, SubstituteInput } from '../../domain';
import type { EnumerateQuery, EvolveQuery, FormulasQuery, MixQuery, SpaceQuery, SubstituteQuery } from '../query';
import { gcd } from '../spaces/combinatorics';
import { show, type Problems } from './problems';

/** Atoms in a reduced formula; also the largest amounts that still read as a compound. */
const MAX_ATOMS = 200;
const MAX_ELEMENTS = 10;
const DEFAULT_MAX_ATOMS = 10;
const MAX_PARENTS = 10_000;
const SPACES = ['enumerate', 'substitute', 'mix', 'evolve', 'formulas'] as const;

/** @returns null if the space is so wrong that there is nothing to read. */
export function readSpace(input: DesignSpaceInput, maxFormulas: number, problems: Problems): SpaceQuery | null {
  const set = SPACES.filter((name) => input?.[name] != null);
  if (set.length !== 1) {
    const found = set.length === 0 ? 'none is set' : `${set.join(' and ')} are set`;
    problems.add(`exactly one of ${SPACES.join(', ')} must be set; ${found}`);
    return null;
  }
  if (input.enumerate != null) return readEnumerate(input.enumerate, problems.in('enumerate'));
  if (input.substitute != null) return readSubstitute(input.substitute, problems.in('substitute'));
  if (input.mix != null) return readMix(input.mix, problems.in('mix'));
  if (input.evolve != null) return readEvolve(input.evolve, problems.in('evolve'));
  return readFormulas(input.formulas!, maxFormulas, problems.in('formulas'));
}

function readEnumerate(input: EnumerateInput, problems: Problems): EnumerateQuery {
  const elements = problems.in('elements').elements(input.elements, { min: 1 });
  const required = problems.in('required').elements(input.required);
  requireWithin(input.required ?? [], required, elements, problems.in('required'));
  const maxAtoms = problems
    .in('maxAtoms')
    .number(input.maxAtoms, DEFAULT_MAX_ATOMS, { min: 1, max: MAX_ATOMS, integer: true });
  const given =
    input.templates == null ? null : readTemplates(input.templates, elements.length, problems.in('templates'));
  const sizes = given?.map((template) => template.length) ?? [];
  const fallback = given === null ? { min: 2, max: 4 } : { min: Math.min(...sizes), max: Math.max(...sizes) };
  const elementCount = readElementCount(input.elementCount, fallback, elements.length, problems.in('elementCount'));
  given?.forEach((template, i) => {
    const atoms = template.reduce((sum, amount) => sum + amount, 0);
    const here = problems.in('templates', i);
    // Reported already: not an anonymous formula, or more letters than elements.
    if (template.length === 0 || template.length > elements.length) return;
    // A schema fills in the default; only another value can be meant to limit the templates.
    if (maxAtoms !== DEFAULT_MAX_ATOMS && atoms > maxAtoms)
      here.add(`has ${atoms} atoms, more than maxAtoms ${maxAtoms}`);
    if (template.length < elementCount.min || template.length > elementCount.max) {
      here.add(`has ${template.length} elements, outside elementCount ${elementCount.min} to ${elementCount.max}`);
    }
  });
  if (required.length > elementCount.max) {
    problems
      .in('required')
      .add(`${required.length} elements must appear, more than the ${elementCount.max} of a compound`);
  }
  const distinct = given && [...new Map(given.map((template) => [template.join(), template])).values()];
  return {
    kind: 'enumerate',
    elements,
    required,
    elementCount,
    templates: distinct,
    maxAtoms,
    chargeBalanced: problems.in('chargeBalanced').boolean(input.chargeBalanced, true),
    electronegativityOrdered: problems.in('electronegativityOrdered').boolean(input.electronegativityOrdered, true),
    minPlausibility: problems.in('minPlausibility').number(input.minPlausibility, 0, { min: 0, max: 1 }),
  };
}

function requireWithin(
  symbols: readonly string[],
  required: readonly number[],
  palette: readonly number[],
  problems: Problems,
): void {
  const missing = required.filter((number) => !palette.includes(number)).map((number) => ELEMENTS[number - 1]!.symbol);
  for (const symbol of missing) {
    problems.in(symbols.indexOf(symbol)).add(`${symbol} must appear but is not among the elements`);
  }
}

/** The default is cut to the palette; what was asked for must fit it. */
function readElementCount(
  input: EnumerateInput['elementCount'],
  fallback: { readonly min: number; readonly max: number },
  palette: number,
  problems: Problems,
): { readonly min: number; readonly max: number } {
  const range = problems.integerRange(input, fallback, { min: 1, max: MAX_ELEMENTS });
  if (input?.min != null && palette > 0 && range.min > palette) {
    problems.in('min').add(`${range.min} elements cannot be drawn from ${palette}`);
  }
  return { min: Math.min(range.min, palette), max: Math.min(range.max, palette) };
}

function readTemplates(
  templates: readonly string[],
  palette: number,
  problems: Problems,
): readonly (readonly number[])[] {
  return problems.list(templates, 'templates', { min: 1, max: 1000 }).map((template, i) => {
    const here = problems.in(i);
    const parts = typeof template === 'string' ? [...template.matchAll(/([A-Z])(\d*)/gy)] : [];
    const letters = parts.map((part) => part[1]!);
    const amounts = parts.map((part) => (part[2] === '' ? 1 : Number(part[2])));
    const wellFormed = parts.length > 0 && parts.map((part) => part[0]).join('') === template;
    if (!wellFormed || new Set(letters).size !== letters.length) {
      here.add(`${show(template)} is not an anonymous formula such as "AB2" or "ABC3", each letter once`);
      return [];
    }
    if (amounts.some((amount) => amount < 1 || amount > MAX_ATOMS)) {
      here.add(`${show(template)} has an amount outside 1 to ${MAX_ATOMS}`);
      return [];
    }
    if (palette > 0 && letters.length > palette) {
      here.add(`${show(template)} has ${letters.length} letters but there are only ${palette} elements`);
    }
    const divisor = amounts.reduce((a, b) => gcd(a, b));
    return amounts.map((amount) => amount / divisor).sort((a, b) => a - b);
  });
}

function readSubstitute(input: SubstituteInput, problems: Problems): SubstituteQuery {
  const parents = problems
    .in('parents')
    .list(input.parents, 'parents', { min: 1, max: MAX_PARENTS })
    .map((formula, i) => problems.in('parents', i).formula(formula));
  const elements = input.elements == null ? null : problems.in('elements').elements(input.elements, { min: 1 });
  return {
    kind: 'substitute',
    parents: distinct(parents),
    elements,
    minProbability: problems.in('minProbability').number(input.minProbability, 0.001, { min: 0, max: 1 }),
    maxSwaps: problems.in('maxSwaps').number(input.maxSwaps, 1, { min: 1, max: 4, integer: true }),
  };
}

function readMix(input: MixInput, problems: Problems): MixQuery {
  const step = problems.in('step').number(input.step, null, { min: 0.0001, max: 1 });
  if (input.step == null) problems.in('step').add('a step such as 0.1 is needed');
  const steps = step === null ? 1 : Math.round(1 / step);
  if (step !== null && Math.abs(step * steps - 1) > 1e-9) {
    problems
      .in('step')
      .add(`${step} does not divide 1; the nearest that does is ${Number((1 / steps).toPrecision(6))}`);
  }
  const read = problems
    .in('components')
    .list(input.components, 'components', { min: 2, max: MAX_ELEMENTS })
    .map((component, i) => {
      const here = problems.in('components', i);
      const composition = here.in('formula').formula(component.formula);
      const min = here.in('min').number(component.min, 0, { min: 0, max: 1 });
      const max = here.in('max').number(component.max, 1, { min: 0, max: 1 });
      if (min > max) here.in('min').add(`min ${min} is above max ${max}`);
      // A bound off the grid is moved inwards; 1e-9 of a step forgives the rounding of 0.3 / 0.1.
      return { composition, min: Math.ceil(min * steps - 1e-9), max: Math.floor(max * steps + 1e-9) };
    });
  const sum = (bound: 'min' | 'max') => read.reduce((total, component) => total + component[bound], 0);
  if (!problems.any && (sum('min') > steps || sum('max') < steps)) {
    const bound = sum('min') > steps ? 'min' : 'max';
    problems
      .in('components')
      .add(`fractions must sum to 1, but those of ${bound} on this grid sum to ${sum(bound) / steps}`);
  }
  return {
    kind: 'mix',
    steps,
    components: read.flatMap((c) => (c.composition === null ? [] : [{ ...c, composition: c.composition }])),
  };
}

function readEvolve(input: EvolveInput, problems: Problems): EvolveQuery {
  const elements = problems.in('elements').elements(input.elements, { min: 1 });
  return {
    kind: 'evolve',
    elements,
    elementCount: readElementCount(
      input.elementCount,
      { min: 2, max: 4 },
      elements.length,
      problems.in('elementCount'),
    ),
    maxAtoms: problems.in('maxAtoms').number(input.maxAtoms, 20, { min: 2, max: MAX_ATOMS, integer: true }),
    populationSize: problems
      .in('populationSize')
      .number(input.populationSize, 200, { min: 4, max: 10_000, integer: true }),
    generations: problems.in('generations').number(input.generations, 30, { min: 1, max: 10_000, integer: true }),
    chargeBalanced: problems.in('chargeBalanced').boolean(input.chargeBalanced, true),
    minPlausibility: problems.in('minPlausibility').number(input.minPlausibility, 0, { min: 0, max: 1 }),
  };
}

function readFormulas(formulas: readonly string[], limit: number, problems: Problems): FormulasQuery {
  const texts = problems.list(formulas, 'formulas', { min: 1 });
  // Too long a list is refused by its count; parsing it would be work done before the refusal.
  const read = texts.length > limit ? [] : texts.map((formula, i) => problems.in(i).formula(formula));
  return { kind: 'formulas', compositions: distinct(read), count: texts.length };
}

/** One of each composition, in the order given. */
function distinct(compositions: readonly (Composition | null)[]): Composition[] {
  const byKey = new Map<string, Composition>();
  for (const composition of compositions) {
    if (composition !== null && !byKey.has(composition.key)) byKey.set(composition.key, composition);
  }
  return [...byKey.values()];
}
