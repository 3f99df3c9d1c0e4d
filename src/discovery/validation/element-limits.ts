import { ELEMENTS, elementBySymbol } from '../../chemistry';
import { COST_CLASSES, type DiscoverInput, type ElementLimitInput } from '../../domain';
import type { ElementLimits, FractionLimit, SpaceQuery } from '../query';
import { exclusionOf, wantedElements } from '../spaces/limits';
import { show, type Problems } from './problems';

/** Fractions are told apart to a millionth. */
const ROUNDING = 1e-6;

export function readElementLimits(input: DiscoverInput, space: SpaceQuery | null, problems: Problems): ElementLimits {
  const costClass = problems.in('maxCostClass').word(input.maxCostClass, COST_CLASSES, null);
  const limits: ElementLimits = {
    excluded: problems.in('excludeElements').elements(input.excludeElements),
    excludeRadioactive: problems.in('excludeRadioactive').boolean(input.excludeRadioactive, false),
    excludeToxic: problems.in('excludeToxic').boolean(input.excludeToxic, false),
    minAbundance: problems.in('minAbundance').number(input.minAbundance, null, { min: 0 }),
    costBelow: costClass === null ? null : 10 ** COST_CLASSES.indexOf(costClass),
    fractions: readFractions(input.elementLimits, problems.in('elementLimits')),
  };
  if (space !== null) refuseContradictions(limits, space, problems);
  return limits;
}

function readFractions(inputs: DiscoverInput['elementLimits'], problems: Problems): FractionLimit[] {
  const first = new Map<number, number>();
  const limits = problems.list(inputs, 'limits', { max: ELEMENTS.length }).flatMap((input, i) => {
    const limit = readFraction(input, problems.in(i));
    if (limit === null) return [];
    const before = first.get(limit.element);
    if (before !== undefined) problems.in(i, 'element').add(`${input.element} is limited already, by limit ${before}`);
    else first.set(limit.element, i);
    return [limit];
  });
  const least = limits.reduce((sum, { min }) => sum + min, 0);
  if (least > 1 + ROUNDING) problems.add(`the least fractions sum to ${Number(least.toPrecision(6))}, more than 1`);
  return limits;
}

function readFraction(input: ElementLimitInput | null, problems: Problems): FractionLimit | null {
  const element = elementBySymbol(input?.element ?? '');
  if (element === undefined) {
    problems.in('element').add(`unknown element ${show(input?.element)}; a symbol such as "Ga" is needed`);
  }
  const min = problems.in('minFraction').number(input?.minFraction, 0, { min: 0, max: 1 });
  const max = problems.in('maxFraction').number(input?.maxFraction, 1, { min: 0, max: 1 });
  if (input?.minFraction == null && input?.maxFraction == null) {
    problems.in('minFraction').add('a limit needs minFraction, maxFraction or both');
  }
  if (min > max) problems.in('minFraction').add(`minFraction ${min} is above maxFraction ${max}`);
  return element === undefined ? null : { element: element.number, min, max };
}

/** What has to be in a candidate and cannot. */
function refuseContradictions(limits: ElementLimits, space: SpaceQuery, problems: Problems): void {
  const wanted = wantedElements(limits);
  const required = new Set([...(space.kind === 'enumerate' ? space.required : []), ...wanted]);
  for (const number of required) {
    const element = ELEMENTS[number - 1]!;
    const exclusion = exclusionOf(element, limits);
    if (exclusion === null) continue;
    // Accepted before there were fractions, and so in the input of stored campaigns: an empty list.
    if (!wanted.includes(number) && (exclusion === 'excludeRadioactive' || exclusion === 'minAbundance')) continue;
    problems.in(exclusion).add(`${element.symbol} is left out by this, but is required`);
  }
  if (space.kind !== 'enumerate' && space.kind !== 'evolve') return;
  // An empty palette is reported already.
  if (space.elements.length === 0) return;
  const here = problems.in('elementLimits');
  for (const number of wanted.filter((number) => !space.elements.includes(number))) {
    here.add(`${ELEMENTS[number - 1]!.symbol} has a least fraction but is not among the elements of the space`);
  }
  const most = space.elementCount.max;
  if (wanted.length > 0 && required.size > most) {
    here.add(`${required.size} elements must appear, more than the ${most} of a compound`);
  }
}
