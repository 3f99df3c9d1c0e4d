import type { Composition } from '../chemistry';
import type { PredictionRequest, PredictionResult } from './prediction';
import type { PropertyKey } from './properties';

/** What kind of answer a question wants: a value; whether it is so or not so; whether it is above or below a number; which of two has more or less. */
export const QUESTION_KINDS = ['VALUE', 'IS', 'NOT', 'ABOVE', 'BELOW', 'MORE', 'LESS'] as const;
export type QuestionKind = (typeof QUESTION_KINDS)[number];

/** What the model read in a question. */
export interface Reading {
  /** Likeliest first: properties, facts of elements (their names are the model's), or `OTHER`, none of these. */
  readonly classes: readonly { readonly name: string; readonly probability: number }[];
  readonly kind: QuestionKind;
  /** Below this probability of its first class a question counts as not understood. */
  readonly threshold: number;
}

/** The port to the model that reads questions. */
export interface QuestionReader {
  /** ISO 639-1. */
  readonly language: string;
  /** @param question with each composition as one word: `#element`, `#compound`, `#alloy` or `#steel` */
  read(question: string): Promise<Reading>;
}

/** Darwin's answer to a question in plain words. */
export interface Answer {
  readonly question: string;
  /** What was understood and the answer, or why there is none, in the language of the question. */
  readonly text: string;
  readonly understood: boolean;
  readonly composition: Composition | null;
  readonly property: PropertyKey | null;
  readonly prediction: PredictionResult | null;
  /** In `unit`; of a yes-or-no question about a class its probability. */
  readonly value: number | null;
  /** The unit asked for, otherwise that of the property. */
  readonly unit: string | null;
  /** Central 90 % interval in `unit`. */
  readonly interval: { readonly level: number; readonly lower: number; readonly upper: number } | null;
  /** The answer to a yes-or-no question. */
  readonly label: boolean | null;
  /** Of yes; or, of a comparison, that the first composition has the larger value. */
  readonly probability: number | null;
  /** Of a comparison: the composition named second, and its prediction. */
  readonly other: Composition | null;
  readonly otherPrediction: PredictionResult | null;
  readonly fact: boolean;
}

/** Asks the model for what a question is about; charged by whoever provides it. */
export type Predict = (request: PredictionRequest) => Promise<PredictionResult>;

export interface Asker {
  /** A question that cannot be understood has an answer that says why. @throws what `predict` throws, but for a composition that cannot be predicted. */
  answer(question: string, predict: Predict): Promise<Answer>;
}
