import type { TrialHistory } from '../trial-history.ts';
import { meritOf } from './ranking.ts';
import {
  advancedState,
  initialState,
  type Member,
  type SearchSetup,
  type SearchState,
} from './search-state.ts';
import { placeOf } from './space.ts';

/** Checkpoints of so many of the newest generations are kept; of older ones fewer and fewer. */
const ALL_KEPT = 8;

/** The state before some row: it follows from the rows before that one alone. */
interface Checkpoint {
  readonly state: SearchState;
  /** The first row that the state knows nothing of. */
  readonly next: number;
}

/**
 * Follows a history and tells where the search stands.
 *
 * The rows are read in their order, running trials are passed over, and as soon as enough ended ones have come together they make a generation. So
 * nobody waits for a slow trial: what others found in the meantime takes its place. When it ends, it takes its own place in its own generation, and
 * what followed is worked out again from the checkpoint before: nothing is lost, and the state depends on the history alone, not on what ended when. A point
 * counts whoever suggested it.
 *
 * Work is proportional to what has changed in the history, and to the trials that run.
 */
export function createFollowedSearch(
  setup: SearchSetup,
  sign: 1 | -1,
): (history: TrialHistory) => SearchState {
  const start: Checkpoint = { state: initialState(setup), next: 0 };
  let followed: TrialHistory | undefined;
  let version = 0;
  let checkpoints = [start];
  return (history) => {
    if (history !== followed) {
      followed = history;
      version = 0;
      checkpoints = [start];
    }
    for (const row of history.touchedSince(version)) {
      while (newest(checkpoints, start).next > row) checkpoints.pop();
    }
    if (version !== history.version) {
      version = history.version;
      advance(setup, sign, history, checkpoints, start);
    }
    return newest(checkpoints, start).state;
  };
}

function newest(checkpoints: readonly Checkpoint[], start: Checkpoint): Checkpoint {
  return checkpoints.at(-1) ?? start;
}

/** Adds checkpoints until the rows that are left make no generation. */
function advance(
  setup: SearchSetup,
  sign: 1 | -1,
  history: TrialHistory,
  checkpoints: Checkpoint[],
  start: Checkpoint,
): void {
  let { state, next } = newest(checkpoints, start);
  let members: Member[] = [];
  for (let row = next; row < history.size; row++) {
    const member = memberOf(setup, sign, history, row);
    if (!member) continue;
    members.push(member);
    if (members.length < state.parameters.populationSize) continue;
    state = advancedState(setup, state, members);
    next = row + 1;
    members = [];
    checkpoints.push({ state, next });
    forgetSome(checkpoints, state.generation);
  }
}

function memberOf({ space }: SearchSetup, sign: 1 | -1, history: TrialHistory, row: number): Member | null {
  const merit = meritOf(history, row, sign);
  const place = merit && placeOf(space, history.point(row));
  return merit && place && { row, place, merit };
}

/** Keeps, of generations twice as old, half as many. */
function forgetSome(checkpoints: Checkpoint[], generation: number): void {
  let kept = 0;
  for (const checkpoint of checkpoints) {
    const age = generation - checkpoint.state.generation;
    const spacing = age < ALL_KEPT ? 1 : 2 ** Math.floor(Math.log2(age / ALL_KEPT) + 1);
    if (checkpoint.state.generation % spacing === 0) checkpoints[kept++] = checkpoint;
  }
  checkpoints.length = kept;
}
