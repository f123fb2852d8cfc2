import type { StoppingProblem } from './early-stopper.ts';

type Direction = StoppingProblem['direction'];

/** The value where less is better, whatever the direction; Infinity for what is no result. */
export function scoreOf(direction: Direction, value: number): number {
  if (!Number.isFinite(value)) return Infinity;
  return direction === 'minimize' ? value : -value;
}

/** The value of a score, in the user's direction; NaN where there is none. */
export function valueOf(direction: Direction, score: number): number {
  if (!Number.isFinite(score)) return Number.NaN;
  // Adding zero keeps "-0" out of records.
  return (direction === 'minimize' ? score : -score) + 0;
}
