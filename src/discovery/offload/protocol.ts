import type { ElementLimits, SpaceQuery } from '../query';
import type { Ranking, RankOptions, ScoredColumns } from '../ranking/rank';

/** The two parts of a discovery that need a processor for long: filtering a space, and sorting its candidates. */
export interface SpaceWork {
  /** The positions in [from, to) that pass the space's filters, ascending. */
  scan(from: number, to: number): Promise<Uint32Array>;
  /** @param columns given away: not to be used after the call. */
  rank(columns: ScoredColumns, options: RankOptions): Promise<Ranking>;
  close(): void;
}

export interface WorkSetup {
  readonly space: SpaceQuery;
  readonly limits: ElementLimits;
}

export interface WorkRequest {
  readonly id: number;
  readonly call:
    | { readonly kind: 'scan'; readonly from: number; readonly to: number }
    | { readonly kind: 'rank'; readonly columns: ScoredColumns; readonly options: RankOptions };
}

export type WorkReply =
  | { readonly id: number; readonly positions: Uint32Array }
  | { readonly id: number; readonly ranking: Ranking }
  | { readonly id: number; readonly error: Error };
