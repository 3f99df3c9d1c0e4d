import type { SourceInput, CompositionMeasurementInput } from './catalog-writer';
import type { MeasurementRecord } from './catalog';
import type { Principal } from './access';
import type { Conditions, PropertyKey } from './properties';

/** Measurements of one request. */
export const MAX_MEASUREMENTS = 1_000;

/** A measured value as a client gives it; nothing of it is trusted. */
export interface GivenMeasurement {
  readonly formula: string;
  readonly property: PropertyKey;
  readonly value: number;
  /** Any that converts into the property's own, which is the default (docs/import.md). */
  readonly unit?: string | null;
  /** Standard uncertainty, in the same unit. */
  readonly uncertainty?: number | null;
  readonly conditions?: Conditions | null;
  readonly source?: SourceInput | null;
}

export interface RecordMeasurementsInput {
  /** 1..1000 */
  readonly measurements: readonly GivenMeasurement[];
  /** 1..255 characters; kept for 48 hours. */
  readonly idempotencyKey?: string | null;
}

/** A measurement that can be stored: value and uncertainty in the property's own unit. */
export interface CheckedMeasurement extends CompositionMeasurementInput {
  readonly source: SourceInput;
}

/** Records what was measured. The same report is stored once, however often it is sent. */
export interface MeasurementRecorder {
  /** @throws InputError naming every mistake, its path from `measurements` or `idempotencyKey` on */
  check(input: RecordMeasurementsInput): readonly CheckedMeasurement[];
  /**
   * Into the catalogue, for everybody to read.
   * @returns in the order given. @throws InputError, BeagleError IDEMPOTENCY_CONFLICT
   */
  record(principal: Principal, input: RecordMeasurementsInput): Promise<readonly MeasurementRecord[]>;
}
