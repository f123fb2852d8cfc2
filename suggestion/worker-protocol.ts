import type { AlgorithmChoice } from '../algorithms/search-algorithm.ts';
import type { TrialLabels, TrialTag } from '../algorithms/trial-history.ts';
import type { SearchSpec } from './search.ts';

/*
 * What the service and its worker threads say to each other. Trials travel as columns of numbers, each change once.
 */

/** What a search's history gains. Rows are numbered from 0 in the order of the points told since the start. */
export interface HistoryDelta {
  /** How many points are new, and their numbers one point after the other. */
  added: number;
  points: Float64Array<ArrayBuffer>;
  /** Names and labels of the new points, in their order; empty where the algorithm labels no trials. */
  tags: readonly TrialTag[];
  /** Rows whose state or value is to be set: row, code of `HISTORY_STATE`, objective (NaN: none). */
  rows: Uint32Array<ArrayBuffer>;
  states: Uint8Array<ArrayBuffer>;
  values: Float64Array<ArrayBuffer>;
}

export interface SuggestMessage {
  kind: 'suggest';
  requestId: number;
  searchId: string;
  /** Begins the search, or begins it anew, with an empty history; null goes on with the one that is kept. */
  start: SearchSpec | null;
  delta: HistoryDelta;
  firstIndex: number;
  count: number;
}

export interface ForgetMessage {
  kind: 'forget';
  searchId: string;
}

export type ToWorker = SuggestMessage | ForgetMessage;

/** What was suggested, as columns. */
export interface SuggestedPoints {
  count: number;
  points: Float64Array<ArrayBuffer>;
  /** Of each point; empty where the algorithm labels no trials. */
  labels: readonly TrialLabels[];
  exhausted: boolean;
  /** Of searches that leave their requests to others. */
  choice?: AlgorithmChoice;
}

export type FromWorker = { requestId: number } & (
  | ({ kind: 'points' } & SuggestedPoints)
  /** The algorithm threw; the search is forgotten. */
  | { kind: 'failed'; message: string }
  /** The search is not kept, because another thread was told of it: it must be started anew. */
  | { kind: 'unknown' }
);
