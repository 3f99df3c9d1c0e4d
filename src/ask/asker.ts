import { UnknownUnitError } from '../catalog/units';
import type { Composition } from '../chemistry';
import {
  BeagleError,
  InputError,
  interval,
  isPropertyKey,
  propertyDefinition,
  type Answer,
  type Asker,
  type Conditions,
  type Predict,
  type PredictionResult,
  type PropertyKey,
  type QuestionReader,
  type Reading,
} from '../domain';
import { factOf, isFactName, type FactName } from './facts';
import type { Language, Told } from './language';
import { NameBook, subjectOf } from './names';
import { answerUnit, findQuantities, readConditions, thresholdOf, type AnswerUnit } from './quantities';
import { findSubjects, type Subjects } from './subjects';

/** Longer than anybody asks one thing; a bound for the work that a question makes. */
export const MAX_QUESTION_LENGTH = 500;
const LEVEL = 0.9;
/** Below this probability of what was understood, the answer says that it is not certain. */
const SURE = 0.75;

/** What "is it …?" means of a property that is a number, in its own unit. */
const IMPLIED: Readonly<Partial<Record<PropertyKey, { readonly above: boolean; readonly at: number }>>> = {
  SUPERCONDUCTOR_TC: { above: true, at: 0 },
  BAND_GAP: { above: true, at: 0 },
  SEEBECK_COEFFICIENT: { above: true, at: 0 },
  /** The usual bound of superhard materials. */
  VICKERS_HARDNESS: { above: true, at: 40 },
  /** Within the error of a computed hull. */
  ENERGY_ABOVE_HULL: { above: false, at: 0.025 },
  DECOMPOSITION_ENERGY: { above: true, at: 0 },
};
const FROM_ALLOYS = /\(multi-principal-element alloy\)|_ALLOY$|GLASS/;

/** Understood so far: everything that the answer is made of. */
interface Understood {
  readonly question: string;
  readonly compositions: readonly [Composition] | readonly [Composition, Composition];
  readonly property: PropertyKey;
  readonly reading: Reading;
  readonly conditions: Conditions;
  readonly unit: AnswerUnit;
  /** In the property's unit. */
  readonly threshold: { readonly above: boolean; readonly at: number } | null;
  readonly notes: readonly string[];
}

const NOTHING: Omit<Answer, 'question' | 'text'> = {
  understood: false,
  composition: null,
  property: null,
  prediction: null,
  value: null,
  unit: null,
  interval: null,
  label: null,
  probability: null,
  other: null,
  otherPrediction: null,
  fact: false,
};

/**
 * Answers questions in plain words. The model reads what is asked for; rules find what is not language: compositions, numbers, units. What
 * is predicted is made of these parts alone, so nothing of the question's text reaches the predicting model.
 */
export function createAsker(reader: QuestionReader, languages: readonly Language[]): Asker {
  const language = languages.find(({ code }) => code === reader.language);
  if (!language)
    throw new Error(`the reader of questions reads "${reader.language}", for which there are no names and sentences`);
  return new LanguageAsker(reader, language);
}

class LanguageAsker implements Asker {
  private readonly book: NameBook;

  constructor(
    private readonly reader: QuestionReader,
    private readonly language: Language,
  ) {
    this.book = new NameBook(language.names);
  }

  async answer(question: string, predict: Predict): Promise<Answer> {
    if (question.length > MAX_QUESTION_LENGTH) {
      const message = `${question.length} characters; a question has at most ${MAX_QUESTION_LENGTH}`;
      throw new InputError([{ path: ['question'], message }]);
    }
    const { refusal } = this.language.sentences;
    const refuse = (text: string, known: Partial<Answer> = {}): Answer => ({ ...NOTHING, question, text, ...known });
    if (!/[\p{L}\d]/u.test(question)) return refuse(refusal.empty);

    const subjects = findSubjects(question, this.book, this.language.words);
    const reading = await this.reader.read(subjects.masked);
    const [first, second] = reading.classes;
    const sure = first !== undefined && first.probability >= reading.threshold;
    const [composition, other, ...more] = subjects.compositions;
    const property = sure && isPropertyKey(first.name) ? first.name : null;
    if (!composition) return refuse(this.noComposition(subjects, property), { property });
    if (more.length > 0)
      return refuse(refusal.tooMany(subjects.compositions.map(({ formula }) => formula)), { property });
    if (sure && isFactName(first.name)) return this.fact(question, first.name, composition, other, reading);
    if (!property) {
      const likely = [first, second].flatMap((one) => (one && isPropertyKey(one.name) ? [one.name] : []));
      const unclear = !sure && first?.name !== 'OTHER' && likely[0] !== undefined;
      const text = unclear
        ? refusal.uncertain(likely[0]!, likely[1] ?? null)
        : refusal.unknownProperty(composition.formula);
      return refuse(text, { composition });
    }
    const understood = this.understand(question, subjects, [composition, other], property, reading);
    if (typeof understood === 'string') return refuse(understood, { composition, property });
    return this.predicted(understood, predict);
  }

  private noComposition({ problem }: Subjects, property: PropertyKey | null): string {
    const { refusal } = this.language.sentences;
    if (!problem) return refusal.noComposition(property);
    if ('wrongFormula' in problem) return refusal.wrongFormula(problem.wrongFormula);
    return 'mixture' in problem
      ? refusal.mixture(problem.mixture)
      : refusal.ambiguousName(problem.name, problem.candidates);
  }

  /** The parts of the question, or why it is refused. */
  private understand(
    question: string,
    { masked }: Subjects,
    [composition, other]: readonly [Composition, Composition | undefined],
    property: PropertyKey,
    reading: Reading,
  ): Understood | string {
    const { note, refusal } = this.language.sentences;
    const quantities = findQuantities(masked, this.language.words);
    const { conditions, left, ignored } = readConditions(masked, property, quantities, this.language.words);
    const asked = quantities.askedUnits[0] ?? null;
    let unit: AnswerUnit;
    try {
      unit = answerUnit(property, asked, composition);
    } catch (error) {
      if (!(error instanceof UnknownUnitError)) throw error;
      return refusal.unit(asked!, property);
    }
    const given = thresholdOf(left, property, asked, composition);
    const bounded = reading.kind === 'ABOVE' || reading.kind === 'BELOW';
    if (bounded && given?.unit != null && asked === null) unit = answerUnit(property, given.unit, composition);
    const classification = propertyDefinition(property).kind === 'CLASSIFICATION';
    const notes = [
      reading.classes[0]!.probability < SURE && note.unsure(property),
      ...ignored.map((one) => note.ignored(one, property)),
      FROM_ALLOYS.test(`${property} ${propertyDefinition(property).name}`) &&
        subjectOf(composition) === 'compound' &&
        note.alloysOnly(composition),
    ].filter((text) => text !== false);
    const compositions = other ? ([composition, other] as const) : ([composition] as const);
    const threshold = classification || other ? null : boundOf(reading, given?.own ?? null, property);
    return { question, compositions, property, reading, conditions, unit, threshold, notes };
  }

  private async predicted(understood: Understood, predict: Predict): Promise<Answer> {
    const { question, compositions, property, conditions } = understood;
    let predictions: PredictionResult[];
    try {
      predictions = await Promise.all(
        compositions.map((composition) => predict({ composition, property, conditions })),
      );
    } catch (error) {
      if (!(error instanceof BeagleError && (error.code === 'UNSUPPORTED_ELEMENT' || error.code === 'BAD_USER_INPUT')))
        throw error;
      const text = this.language.sentences.refusal.notPredicted(error.message);
      return { ...NOTHING, question, text, understood: true, composition: compositions[0], property };
    }
    const [prediction, otherPrediction] = predictions as [PredictionResult, PredictionResult?];
    const told = predictions.map((one) => this.told(one, understood));
    const known = prediction.conditions;
    const shown = told[0]!;
    const result = {
      ...NOTHING,
      question,
      understood: true,
      composition: compositions[0],
      property,
      prediction,
      value: shown.value,
      unit: shown.unit,
      interval: shown.lower === null ? null : { level: LEVEL, lower: shown.lower, upper: shown.upper! },
      other: compositions[1] ?? null,
      otherPrediction: otherPrediction ?? null,
    };
    const finish = (text: string, answer: Partial<Answer> = {}): Answer => ({
      ...result,
      ...answer,
      text: [text, ...understood.notes, ...prediction.warnings.map((warning) => `${capital(warning)}.`)].join(' '),
    });
    const { sentences } = this.language;
    if (otherPrediction) {
      const probability = probabilityOfMore(prediction, otherPrediction);
      const more = understood.reading.kind !== 'LESS';
      return finish(sentences.comparison(property, [told[0]!, told[1]!], { more, probability }, known), {
        probability,
      });
    }
    if (prediction.distribution && propertyDefinition(property).kind === 'CLASSIFICATION') {
      const negated = understood.reading.kind === 'NOT';
      const label = shown.value >= 0.5 !== negated;
      const probability = negated ? 1 - shown.value : shown.value;
      return finish(sentences.label(property, shown, negated, known), { label, probability });
    }
    const { threshold } = understood;
    if (!threshold) return finish(sentences.value(property, shown, known));
    const probability = probabilityBeyond(prediction, threshold);
    const at = understood.unit.fromOwn(threshold.at);
    const text = sentences.threshold(property, shown, { above: threshold.above, at, probability }, known);
    return finish(text, { label: probability >= 0.5, probability });
  }

  private told(prediction: PredictionResult, { unit }: Understood): Told {
    const own = interval(prediction, LEVEL);
    return {
      composition: prediction.request.composition,
      value: unit.fromOwn(prediction.distribution.value),
      lower: own && unit.fromOwn(own.lower),
      upper: own && unit.fromOwn(own.upper),
      unit: SHOWN_UNITS[unit.name] ?? unit.name,
    };
  }

  private fact(
    question: string,
    name: FactName,
    composition: Composition,
    other: Composition | undefined,
    reading: Reading,
  ): Answer {
    const { sentences } = this.language;
    const refuse = (text: string): Answer => ({ ...NOTHING, question, text, composition });
    const facts = [composition, ...(other ? [other] : [])].map((one) => ({ one, fact: factOf(name, one) }));
    const wrong = facts.find(({ fact }) => fact === undefined);
    if (wrong) return refuse(sentences.refusal.elementOnly(name, wrong.one.formula));
    const missing = facts.find(({ fact }) => fact === null);
    if (missing) return refuse(sentences.noFact(name, missing.one.formula));
    const [mine, others] = facts.map(({ fact }) => fact!);
    const { value, unit } = mine!;
    const answer = {
      ...NOTHING,
      question,
      understood: true,
      composition,
      other: other ?? null,
      value,
      unit,
      fact: true,
    };
    const texts = facts.map(({ one, fact }) => sentences.fact(name, one.input, fact!.text, fact!.unit));
    if (name === 'RADIOACTIVE') {
      const radioactive = value === 1;
      const label = radioactive !== (reading.kind === 'NOT');
      return {
        ...answer,
        label,
        text: facts.map(({ one, fact }) => sentences.isRadioactive(one.formula, fact!.value === 1)).join(' '),
      };
    }
    if (!others || value === null || others.value === null) return { ...answer, text: texts.join(' ') };
    const more = reading.kind !== 'LESS';
    const [winner, loser] = value > others.value === more ? [composition, other!] : [other!, composition];
    return {
      ...answer,
      text: `${sentences.factComparison(name, winner.formula, loser.formula, more)} ${texts.join(' ')}`,
    };
  }
}

/** How units are written to people, where that differs from the registry. */
const SHOWN_UNITS: Readonly<Record<string, string>> = { degC: '°C', degF: '°F' };

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** The bound of a yes-or-no question; null if the question wants a value, or none is known. */
function boundOf({ kind }: Reading, given: number | null, property: PropertyKey): Understood['threshold'] {
  if (kind === 'ABOVE' || kind === 'BELOW') return given === null ? null : { above: kind === 'ABOVE', at: given };
  const implied = IMPLIED[property];
  if (!implied || (kind !== 'IS' && kind !== 'NOT')) return null;
  return kind === 'IS' ? implied : { above: !implied.above, at: implied.at };
}

/** An atom of probability at the bound counts as not above it: a gap of exactly 0 is no gap. */
function probabilityBeyond(
  { distribution }: PredictionResult,
  { above, at }: { readonly above: boolean; readonly at: number },
): number {
  const atMost = distribution.probabilityWithin(-Infinity, at);
  return above ? 1 - atMost : atMost;
}

const QUANTILES = Array.from({ length: 99 }, (_, i) => (i + 1) / 100);

/** P(first > second) + P(equal) / 2 of two independent predictions, by quantiles; of two classes the share that the first has of both. */
function probabilityOfMore(first: PredictionResult, second: PredictionResult): number {
  if (propertyDefinition(first.request.property).kind === 'CLASSIFICATION') {
    const [a, b] = [first.distribution.value, second.distribution.value];
    return a + b === 0 ? 0.5 : a / (a + b);
  }
  const below = QUANTILES.map((p) => {
    const value = first.distribution.quantile(p);
    const upTo = second.distribution.probabilityWithin(-Infinity, value);
    const equal = second.distribution.probabilityWithin(value, value);
    return upTo - equal / 2;
  });
  return below.reduce((sum, p) => sum + p, 0) / below.length;
}
