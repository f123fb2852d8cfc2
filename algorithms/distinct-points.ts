import type { RandomStream } from '../core/random.ts';
import type { Parameter, Point } from '../core/search-space.ts';
import { pointCount, pointOfRank, randomBelow, rankOf } from './finite-space.ts';
import type { Searcher } from './search-algorithm.ts';
import type { TrialHistory } from './trial-history.ts';
import { pointAt } from './unit-coordinates.ts';

const MOST_REDRAWS = 100;

/** Whether a point was suggested before: it is in the history or earlier in the same request. */
export type IsTaken = (point: Point) => boolean;

/** All that is known when a point is proposed. */
export interface Known {
  readonly history: TrialHistory;
  /** The points that were proposed before in the same request. */
  readonly earlier: readonly Point[];
}

/**
 * Proposes the point of the trial number `index`. Where the space is finite, the point must not be taken; there is at
 * least one that is not.
 */
export type Propose = (index: number, isTaken: IsTaken, known: Known) => Point;

/**
 * A searcher that never repeats a point of a finite space and ends when all are used. Work per request is proportional
 * to the rows that are new since the last one; spaces with a continuous parameter need none.
 */
export function distinctPointSearcher(parameters: readonly Parameter[], propose: Propose): Searcher {
  const count = pointCount(parameters);
  const ranks = seenRanks(parameters);
  return {
    suggest(history, firstIndex, wanted) {
      const points: Point[] = [];
      const known = { history, earlier: points };
      if (count === null) {
        for (let offset = 0; offset < wanted; offset++)
          points.push(propose(firstIndex + offset, isFree, known));
        return points;
      }
      const seen = ranks(history);
      const inRequest = new Set<bigint | undefined>();
      const isTaken: IsTaken = (point) => {
        const rank = rankOf(parameters, point);
        return rank === undefined || seen.has(rank) || inRequest.has(rank);
      };
      while (points.length < wanted && BigInt(seen.size + inRequest.size) < count) {
        const point = propose(firstIndex + points.length, isTaken, known);
        inRequest.add(rankOf(parameters, point));
        points.push(point);
      }
      return points;
    },
  };
}

/** Two draws from a continuum are never equal. */
function isFree(): boolean {
  return false;
}

/** Follows a history that only grows: the ranks of its points, points outside the space left out. */
function seenRanks(parameters: readonly Parameter[]): (history: TrialHistory) => ReadonlySet<bigint> {
  let followed: TrialHistory | undefined;
  let rows = 0;
  let seen = new Set<bigint>();
  return (history) => {
    if (history !== followed) {
      followed = history;
      rows = 0;
      seen = new Set();
    }
    for (; rows < history.size; rows++) {
      const rank = rankOf(parameters, history.point(rows));
      if (rank !== undefined) seen.add(rank);
    }
    return seen;
  };
}

/**
 * A random point, drawn from the parameters' distributions, that is not taken. After many draws in vain it is the next
 * free one from a random place on: nearly all points that are likely are taken then.
 */
export function randomFreePoint(
  parameters: readonly Parameter[],
  random: RandomStream,
  isTaken: IsTaken,
): Point {
  for (let draw = 0; draw < MOST_REDRAWS; draw++) {
    const point = randomPoint(parameters, random);
    if (!isTaken(point)) return point;
  }
  return nextFreePoint(parameters, random, isTaken);
}

/** A point drawn from the parameters' distributions. */
export function randomPoint(parameters: readonly Parameter[], random: RandomStream): Point {
  return pointAt(
    parameters,
    Array.from(parameters, () => random.next()),
  );
}

function nextFreePoint(parameters: readonly Parameter[], random: RandomStream, isTaken: IsTaken): Point {
  const count = pointCount(parameters) ?? 0n;
  const start = randomBelow(count, random);
  for (let offset = 0n; offset < count; offset++) {
    const point = pointOfRank(parameters, (start + offset) % count);
    if (!isTaken(point)) return point;
  }
  throw new Error('every point of the space is taken');
}
