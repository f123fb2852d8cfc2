import { parsePoint } from '../algorithms/point-text.ts';
import { HISTORY_STATE, type HistoryState, type TrialTag } from '../algorithms/trial-history.ts';
import { commonStart } from '../core/common-start.ts';
import { errorMessage } from '../core/errors.ts';
import type { Parameter, Point } from '../core/search-space.ts';
import type { SearchTrial } from './suggestion-service.ts';
import type { HistoryDelta } from './worker-protocol.ts';

/** A trial whose assignments are not a point of the space: the search does not learn of it. */
export interface UnusableTrial {
  name: string;
  problem: string;
}

/** What to tell a search so that its history is that of the request. */
export interface TrialDelta extends HistoryDelta {
  /** The history must be begun anew: something that was told has gone, or has to stand before what was told. */
  startOver: boolean;
  unusable: UnusableTrial[];
}

interface ToldTrial {
  /** Row in the history; null for an unusable trial. */
  row: number | null;
  state: HistoryState;
  value: number;
  /** Number of the last request that had the trial. */
  request: number;
}

/** Where a trial stands in the history: by the number at the end of its name, then by the name. */
interface Place {
  index: number;
  name: string;
}

/** A delta that is being put together. */
interface Draft {
  points: Point[];
  tags: TrialTag[];
  changes: Change[];
  unusable: UnusableTrial[];
}

interface Change {
  row: number;
  state: HistoryState;
  value: number;
}

/**
 * Remembers which trials a search has been told of. The history that results has its rows in the order of the trials'
 * indexes, whatever was told when, so that a service that has just started gives the same answers as an old one.
 */
export class ToldTrials {
  readonly #parameters: readonly Parameter[];
  readonly #tagged: boolean;
  #told = new Map<string, ToldTrial>();
  #last: Place = { index: -1, name: '' };
  #rows = 0;
  #requests = 0;
  /** Of the last call. Objects that stand where they stood then have not changed. */
  #seen: readonly SearchTrial[] = [];

  /** With `tagged`, names and labels are told as well. */
  constructor(parameters: readonly Parameter[], { tagged = false }: { tagged?: boolean } = {}) {
    this.#parameters = parameters;
    this.#tagged = tagged;
  }

  /**
   * The difference to the last call; whoever gets it must pass it on. The trials (not the list) are never changed afterwards. Work: a
   * comparison per trial at the beginning that has not changed, a few look-ups per other trial.
   */
  delta(all: readonly SearchTrial[]): TrialDelta {
    const request = ++this.#requests;
    const same = commonStart(this.#seen, all);
    const startOver = !this.#continues(all, same, request);
    if (startOver) this.#forgetAll();
    // A copy: the caller may go on to use its list.
    this.#seen = all.slice();
    const trials = startOver ? all : all.slice(same);
    const draft: Draft = { points: [], tags: [], changes: [], unusable: [] };
    const fresh = trials.filter(({ name }) => !this.#told.has(name));
    for (const trial of trials) this.#update(this.#told.get(trial.name), trial, draft);
    for (const { trial, place } of inOrder(fresh)) {
      if (!this.#told.has(trial.name)) this.#add(trial, place, request, draft);
      this.#update(this.#told.get(trial.name), trial, draft);
    }
    return { startOver, ...this.#columns(draft) };
  }

  /** Every told trial is still there, and every new one stands behind them. Marks the known ones behind the same. */
  #continues(all: readonly SearchTrial[], same: number, request: number): boolean {
    let known = same;
    for (const { name } of all.slice(same)) {
      const told = this.#told.get(name);
      if (told && told.request !== request) {
        told.request = request;
        known++;
      } else if (!told && comparePlaces(placeOf(name), this.#last) < 0) return false;
    }
    return known === this.#told.size;
  }

  #forgetAll(): void {
    this.#told = new Map();
    this.#last = { index: -1, name: '' };
    this.#rows = 0;
  }

  #add(trial: SearchTrial, place: Place, request: number, draft: Draft): void {
    const point = this.#pointOf(trial, draft);
    if (point) draft.points.push(point);
    if (point && this.#tagged) draft.tags.push({ name: trial.name, labels: trial.labels ?? {} });
    this.#told.set(trial.name, { row: point ? this.#rows++ : null, ...RUNNING, request });
    this.#last = place;
  }

  #pointOf(trial: SearchTrial, draft: Draft): Point | undefined {
    try {
      return parsePoint(this.#parameters, trial.parameterAssignments);
    } catch (error) {
      draft.unusable.push({ name: trial.name, problem: errorMessage(error) });
      return undefined;
    }
  }

  #update(told: ToldTrial | undefined, trial: SearchTrial, draft: Draft): void {
    const state = HISTORY_STATE[trial.state];
    const value = trial.value ?? Number.NaN;
    if (!told || (told.state === state && Object.is(told.value, value))) return;
    told.state = state;
    told.value = value;
    if (told.row !== null) draft.changes.push({ row: told.row, state, value });
  }

  #columns({ points, tags, changes, unusable }: Draft): Omit<TrialDelta, 'startOver'> {
    const dimensions = this.#parameters.length;
    const flat = new Float64Array(points.length * dimensions);
    points.forEach((point, row) => flat.set(point, row * dimensions));
    return {
      added: points.length,
      points: flat,
      tags,
      rows: Uint32Array.from(changes, ({ row }) => row),
      states: Uint8Array.from(changes, ({ state }) => state),
      values: Float64Array.from(changes, ({ value }) => value),
      unusable,
    };
  }
}

/** What a row is when it has been added. */
const RUNNING = { state: HISTORY_STATE.running, value: Number.NaN };

function inOrder(trials: readonly SearchTrial[]): { trial: SearchTrial; place: Place }[] {
  return trials
    .map((trial) => ({ trial, place: placeOf(trial.name) }))
    .sort((a, b) => comparePlaces(a.place, b.place));
}

function placeOf(name: string): Place {
  const digits = /\d+$/.exec(name);
  return { index: digits ? Number(digits[0]) : Infinity, name };
}

function comparePlaces(a: Place, b: Place): number {
  if (a.index !== b.index) return a.index < b.index ? -1 : 1;
  if (a.name === b.name) return 0;
  return a.name < b.name ? -1 : 1;
}
