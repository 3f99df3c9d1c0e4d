import { interval, propertyDefinition, type PredictionResult, type PropertyKey } from '../domain';

export interface ComparedRow {
  readonly prediction: PredictionResult;
  readonly measured: number;
  /** The package has a training value of this composition and property. */
  readonly trained: boolean;
}

/** How a package does on measured rows. */
export interface Comparison {
  readonly model: string;
  readonly rows: number;
  /** Rows that it cannot predict. */
  readonly refused: number;
  /** Mean absolute error in the property's unit; of a classification the share of wrong labels. */
  readonly error: number;
  /** Rows of compositions without a training value. */
  readonly newRows: number;
  /** The same of these alone; null if there are none. */
  readonly newError: number | null;
  /** Share of the values inside their 90 % interval; null for a classification. */
  readonly coverage: number | null;
  readonly perSecond: number;
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** @param rows at least one */
export function compared(
  model: string,
  property: PropertyKey,
  rows: readonly ComparedRow[],
  refused: number,
  perSecond: number,
): Comparison {
  const classification = propertyDefinition(property).kind === 'CLASSIFICATION';
  const errorOf = ({ prediction, measured }: ComparedRow): number => {
    const { value } = prediction.distribution;
    return classification ? Number(value >= 0.5 !== measured >= 0.5) : Math.abs(value - measured);
  };
  const fresh = rows.filter(({ trained }) => !trained);
  const covered = ({ prediction, measured }: ComparedRow): number => {
    const range = interval(prediction, 0.9)!;
    return Number(range.lower <= measured && measured <= range.upper);
  };
  return {
    model,
    rows: rows.length,
    refused,
    error: mean(rows.map(errorOf)),
    newRows: fresh.length,
    newError: fresh.length === 0 ? null : mean(fresh.map(errorOf)),
    coverage: classification ? null : mean(rows.map(covered)),
    perSecond,
  };
}
