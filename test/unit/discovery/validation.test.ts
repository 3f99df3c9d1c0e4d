import type { BeagleError } from '../../../src/domain';
import { InputError, type DiscoverInput } from '../../../src/domain';
import { DiscoveryPlan } from '../../../src/discovery';
import { fakeKnown, fakePredictor } from './fakes';

const OBJECTIVE = { property: 'BAND_GAP', goal: 'TARGET', target: 1.4 };
const PALETTE = ['Ga', 'In', 'As', 'P'];

function plan(input: DiscoverInput, path?: string[]): DiscoveryPlan {
  return new DiscoveryPlan(input, { predictor: fakePredictor(), known: fakeKnown() }, { path });
}

/** The paths of all mistakes, as one would write them. */
function mistakes(input: Partial<DiscoverInput>): Record<string, string> {
  try {
    plan({ space: { formulas: ['GaAs'] }, objectives: [OBJECTIVE], ...input });
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return Object.fromEntries(error.fields.map(({ path, message }) => [path.join('.'), message]));
  }
  return {};
}

const space = (input: DiscoverInput['space']): Record<string, string> => mistakes({ space: input });
const objective = (input: Partial<DiscoverInput['objectives'][number]>): Record<string, string> =>
  mistakes({ objectives: [{ ...OBJECTIVE, ...input }] });
describe('a wrong discovery input', () => {
  it.each<[string, Record<string, string>, string, RegExp]>([
    ['an empty palette', space({ enumerate: { elements: [] } }), 'input.space.enumerate.elements', /at least 1/],
    [
      'an unknown element',
      space({ enumerate: { elements: ['Ga', 'Xx'] } }),
      'input.space.enumerate.elements.1',
      /unknown element "Xx"/,
    ],
    [
      'a required element outside the palette',
      space({ enumerate: { elements: PALETTE, required: ['Ga', 'O'] } }),
      'input.space.enumerate.required.1',
      /O must appear but is not among/,
    ],
    [
      'more required elements than a compound has',
      space({ enumerate: { elements: PALETTE, required: ['Ga', 'In', 'As'], elementCount: { max: 2 } } }),
      'input.space.enumerate.required',
      /more than the 2/,
    ],
    [
      'a template with more letters than elements',
      space({ enumerate: { elements: ['Ga', 'As'], templates: ['AB', 'ABC3'] } }),
      'input.space.enumerate.templates.1',
      /3 letters but there are only 2 elements/,
    ],
    [
      'a template that is none',
      space({ enumerate: { elements: PALETTE, templates: ['AAB'] } }),
      'input.space.enumerate.templates.0',
      /anonymous formula/,
    ],
    [
      'a template above maxAtoms',
      space({ enumerate: { elements: PALETTE, templates: ['AB9'], maxAtoms: 4 } }),
      'input.space.enumerate.templates.0',
      /10 atoms/,
    ],
    [
      'elementCount the wrong way round',
      space({ enumerate: { elements: PALETTE, elementCount: { min: 3, max: 2 } } }),
      'input.space.enumerate.elementCount.min',
      /min 3 is above max 2/,
    ],
    [
      'more elements than the palette has',
      space({ enumerate: { elements: ['Ga', 'As'], elementCount: { min: 3 } } }),
      'input.space.enumerate.elementCount.min',
      /3 elements cannot be drawn from 2/,
    ],
    [
      'a plausibility above 1',
      space({ enumerate: { elements: PALETTE, minPlausibility: 2 } }),
      'input.space.enumerate.minPlausibility',
      /from 0 to 1/,
    ],
    [
      'two spaces at once',
      space({ formulas: ['GaAs'], enumerate: { elements: PALETTE } }),
      'input.space',
      /exactly one/,
    ],
    ['no space', space({}), 'input.space', /none is set/],
    ['an empty list of formulas', space({ formulas: [] }), 'input.space.formulas', /at least 1/],
    ['a formula that cannot be read', space({ formulas: ['GaAs', 'Xx2O3'] }), 'input.space.formulas.1', /Xx/],
    [
      'a step that does not divide 1',
      space({ mix: { components: [{ formula: 'GaAs' }, { formula: 'InAs' }], step: 0.3 } }),
      'input.space.mix.step',
      /does not divide 1; the nearest that does is 0\.333333/,
    ],
    [
      'fractions that cannot sum to 1',
      space({
        mix: {
          components: [
            { formula: 'GaAs', max: 0.4 },
            { formula: 'InAs', max: 0.4 },
          ],
          step: 0.1,
        },
      }),
      'input.space.mix.components',
      /sum to 0.8/,
    ],
    [
      'a component with min above max',
      space({ mix: { components: [{ formula: 'GaAs', min: 0.9, max: 0.1 }, { formula: 'InAs' }], step: 0.1 } }),
      'input.space.mix.components.0.min',
      /min 0.9 is above max 0.1/,
    ],
    ['no objective', mistakes({ objectives: [] }), 'input.objectives', /at least 1/],
    ['six objectives', mistakes({ objectives: Array(6).fill(OBJECTIVE) }), 'input.objectives', /at most 5/],
    ['a target without a value', objective({ target: null }), 'input.objectives.0.target', /needs a target/],
    [
      'a range without bounds',
      objective({ goal: 'WITHIN', target: null }),
      'input.objectives.0.min',
      /needs min, max or both/,
    ],
    [
      'a range the wrong way round',
      objective({ goal: 'WITHIN', target: null, min: 2, max: 1 }),
      'input.objectives.0.min',
      /min 2 is above max 1/,
    ],
    ['an unknown goal', objective({ goal: 'BEST' }), 'input.objectives.0.goal', /MINIMIZE, MAXIMIZE, TARGET, WITHIN/],
    [
      'an unknown property',
      objective({ property: 'COLOUR' }),
      'input.objectives.0.property',
      /unknown property "COLOUR"/,
    ],
    [
      'a property that the model does not predict',
      objective({ property: 'CURIE_TEMPERATURE' }),
      'input.objectives.0.property',
      /fake@1 does not predict/,
    ],
    [
      'a target that is no number',
      objective({ target: NaN }),
      'input.objectives.0.target',
      /NaN is not a finite number/,
    ],
    ['a negative weight', objective({ weight: -1 }), 'input.objectives.0.weight', /at least 0/],
    ['weight 0 everywhere', objective({ weight: 0 }), 'input.objectives', /every weight is 0/],
    [
      'a condition that the property does not know',
      objective({ conditions: { temperature: 300 } }),
      'input.objectives.0.conditions.temperature',
      /BAND_GAP does not depend on temperature/,
    ],
    [
      'a constraint without bounds',
      mistakes({ constraints: [{ property: 'DENSITY' }] }),
      'input.constraints.0.min',
      /needs min, max or both/,
    ],
    [
      'a probability above 1',
      mistakes({ constraints: [{ property: 'DENSITY', min: 1, minProbability: 1.5 }] }),
      'input.constraints.0.minProbability',
      /from 0 to 1/,
    ],
    ['an unknown strategy', mistakes({ ranking: 'LUCK' }), 'input.ranking', /PARETO/],
    ['a diversity above 1', mistakes({ diversity: 1.1 }), 'input.diversity', /from 0 to 1/],
    [
      'an incumbent for two objectives',
      mistakes({ incumbent: 1, objectives: [OBJECTIVE, OBJECTIVE] }),
      'input.incumbent',
      /one objective/,
    ],
    ['too many candidates asked for', mistakes({ maxCandidates: 2_000_000 }), 'input.maxCandidates', /1 to 1000000/],
    ['a negative abundance', mistakes({ minAbundance: -1 }), 'input.minAbundance', /at least 0/],
    [
      'an unknown element to exclude',
      mistakes({ excludeElements: ['Zz'] }),
      'input.excludeElements.0',
      /unknown element/,
    ],
    [
      'an element required and excluded',
      mistakes({ space: { enumerate: { elements: PALETTE, required: ['As'] } }, excludeElements: ['As'] }),
      'input.excludeElements',
      /As is left out by this, but is required/,
    ],
    [
      'a required element that is toxic',
      mistakes({ space: { enumerate: { elements: PALETTE, required: ['As'] } }, excludeToxic: true }),
      'input.excludeToxic',
      /As is left out by this, but is required/,
    ],
  ])('%s is reported at its path', (_, found, path, message) => {
    expect(Object.keys(found)).toEqual([path]);
    expect(found[path]).toMatch(message);
  });

  it('is answered with every mistake at once, below the path that the caller names', () => {
    const input = {
      space: { formulas: ['Xx', 'GaAs', '2(('] },
      objectives: [{ property: 'COLOUR', goal: 'TARGET' }],
      diversity: 7,
    };
    expect(() => plan(input, ['input', 'discovery'])).toThrow(InputError);
    try {
      plan(input, ['input', 'discovery']);
    } catch (error) {
      expect((error as InputError).fields.map(({ path }) => path.join('.'))).toEqual([
        'input.discovery.space.formulas.0',
        'input.discovery.space.formulas.2',
        'input.discovery.objectives.0.property',
        'input.discovery.objectives.0.target',
        'input.discovery.diversity',
      ]);
    }
  });
});

describe('a space that is too large', () => {
  function refusal(input: DiscoverInput['space'], maxCandidates?: number): BeagleError {
    try {
      plan({ space: input, objectives: [OBJECTIVE], maxCandidates });
    } catch (error) {
      return error as BeagleError;
    }
    throw new Error('not refused');
  }

  it('is refused with its size and what would reduce it, however large', () => {
    const elements = 'H Li Be B C N O F Na Mg Al Si P S Cl K Ca Sc Ti V Cr Mn Fe Co Ni Cu Zn Ga Ge As'.split(' ');
    const error = refusal({ enumerate: { elements, elementCount: { max: 10 }, maxAtoms: 60 } });
    expect(error.code).toBe('SEARCH_SPACE_TOO_LARGE');
    expect(error.details.count).toBeGreaterThan(1e16);
    expect(error.details.limit).toBe(100_000);
    expect(error.message).toMatch(/fewer elements/);
    expect(error.fields[0]!.path).toEqual(['input', 'space', 'enumerate']);
  });

  it.each<[string, DiscoverInput['space'], number]>([
    ['mix', { mix: { components: ['GaAs', 'InAs', 'GaP'].map((formula) => ({ formula })), step: 0.001 } }, 501_501],
    ['formulas', { formulas: Array<string>(100_001).fill('GaAs') }, 100_001],
  ])('counts %s', (_, input, count) => {
    expect(refusal(input).details).toMatchObject({ count });
  });

  it('is accepted at exactly its limit', () => {
    const mix = { mix: { components: [{ formula: 'GaAs' }, { formula: 'InAs' }], step: 0.1 } };
    expect(() => plan({ space: mix, objectives: [OBJECTIVE], maxCandidates: 11 })).not.toThrow();
    expect(refusal(mix, 10).details).toEqual({ count: 11, limit: 10 });
  });
});
