import type { Point } from '../core/search-space.ts';

/** What became of a trial, as far as a search wants to know. */
export const HISTORY_STATE = { running: 0, succeeded: 1, failed: 2, earlyStopped: 3 } as const;
export type HistoryState = (typeof HISTORY_STATE)[keyof typeof HISTORY_STATE];

/** Labels of a trial: short texts by name. */
export type TrialLabels = Readonly<Record<string, string>>;

/** What columns of numbers do not tell of a trial. */
export interface TrialTag {
  readonly name: string;
  readonly labels: TrialLabels;
}

const FIRST_CAPACITY = 64;

/**
 * All trials of a search as columns. A row is a trial, in the order in which the trials were first told; its place
 * never changes. Rows change in place when a trial ends.
 */
export class TrialHistory {
  readonly dimensions: number;
  #size = 0;
  #points: Float64Array;
  #values: Float64Array;
  #states: Uint8Array;
  #version = 0;
  /** By row; empty where the search labels no trials. */
  readonly #tags = new Map<number, TrialTag>();
  /** The row of each change, in the order of the changes. */
  #touched = new Uint32Array(FIRST_CAPACITY);

  constructor(dimensions: number) {
    this.dimensions = dimensions;
    this.#points = new Float64Array(FIRST_CAPACITY * dimensions);
    this.#values = new Float64Array(FIRST_CAPACITY);
    this.#states = new Uint8Array(FIRST_CAPACITY);
  }

  /** Number of rows. */
  get size(): number {
    return this.#size;
  }

  /** Grows with every change: equal versions of one history mean equal content. */
  get version(): number {
    return this.#version;
  }

  /** Appends a running trial and returns its row. `tag` is for searches that label their trials. */
  add(point: Point, tag?: TrialTag): number {
    if (point.length !== this.dimensions) {
      throw new RangeError(
        `a point of ${point.length} numbers in a history of ${this.dimensions} dimensions`,
      );
    }
    if (this.#size === this.#states.length) this.#grow();
    const row = this.#size++;
    this.#points.set(point, row * this.dimensions);
    this.#values[row] = Number.NaN;
    this.#states[row] = HISTORY_STATE.running;
    if (tag) this.#tags.set(row, tag);
    this.#touch(row);
    return row;
  }

  /** Sets what became of a row. `value` is the objective; NaN where there is none. */
  set(row: number, state: HistoryState, value: number): void {
    if (row < 0 || row >= this.#size) throw new RangeError(`row ${row} of ${this.#size}`);
    this.#states[row] = state;
    this.#values[row] = value;
    this.#touch(row);
  }

  /** The rows that were added or set since the history had that version, in the order of the changes; a view, valid until the next change. */
  touchedSince(version: number): Uint32Array {
    return this.#touched.subarray(version, this.#version);
  }

  /** The row's point; a view, valid until the next `add`. */
  point(row: number): Point {
    return this.#points.subarray(row * this.dimensions, (row + 1) * this.dimensions);
  }

  /** The row's objective in the user's direction, NaN where there is none. */
  value(row: number): number {
    return this.#values[row] ?? Number.NaN;
  }

  state(row: number): HistoryState {
    return (this.#states[row] ?? HISTORY_STATE.running) as HistoryState;
  }

  /** The row's name and labels; undefined where the search was told of none. */
  tag(row: number): TrialTag | undefined {
    return this.#tags.get(row);
  }

  #touch(row: number): void {
    if (this.#version === this.#touched.length)
      this.#touched = grown(this.#touched, new Uint32Array(this.#touched.length * 2));
    this.#touched[this.#version++] = row;
  }

  #grow(): void {
    const capacity = this.#states.length * 2;
    this.#points = grown(this.#points, new Float64Array(capacity * this.dimensions));
    this.#values = grown(this.#values, new Float64Array(capacity));
    this.#states = grown(this.#states, new Uint8Array(capacity));
  }
}

function grown<T extends Float64Array | Uint32Array | Uint8Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
