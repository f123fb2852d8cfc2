import { leastSquares, type Line } from './least-squares.ts';
import type { RungTrial, RungTrials } from './rung-trials.ts';

/** Trials that a model learns from, each with what counts as its loss. */
export type Lesson = (known: RungTrials) => { trial: RungTrial; loss: number }[];

/**
 * The trials of the highest rung at which at least `enough` have a result.
 *
 * S. Falkner, A. Klein, F. Hutter, "BOHB: robust and efficient hyperparameter optimization at scale", ICML 2018, section 4.
 */
export function highestRung(enough: number): Lesson {
  return ({ trials }) => {
    const withResult = trials.filter(({ loss }) => loss < Infinity);
    const rung = highestRungWith(withResult, enough);
    return withResult.filter((trial) => trial.rung === rung).map((trial) => ({ trial, loss: trial.loss }));
  };
}

/** The highest rung at which so many of the trials stand; -1 where there is none. */
export function highestRungWith(trials: readonly RungTrial[], enough: number): number {
  const counts = new Map<number, number>();
  for (const { rung } of trials) counts.set(rung, (counts.get(rung) ?? 0) + 1);
  return Math.max(-1, ...[...counts].flatMap(([rung, count]) => (count >= enough ? [rung] : [])));
}

/**
 * Every configuration once, with the loss that it would have at the highest rung reached by any: from rung to rung, a line is laid
 * through the losses of the trials that have both. Without those that did not come far a model would propose their like again
 * and again, for nothing about them would ever reach it.
 */
export const foretold: Lesson = ({ trials }) => {
  const withResult = trials.filter(({ loss }) => loss < Infinity);
  const surpassed = new Set(withResult.map(({ parent }) => parent));
  const lines = linesBetweenRungs(withResult);
  return withResult
    .filter(({ name }) => !surpassed.has(name))
    .map((trial) => ({
      trial,
      loss: lines.slice(trial.rung).reduce((loss, line) => line.at(loss), trial.loss),
    }));
};

/** The lines that lead from the losses of each rung to those of the next. */
function linesBetweenRungs(withResult: readonly RungTrial[]): Line[] {
  const byName = new Map(withResult.map((trial) => [trial.name, trial]));
  const highest = withResult.reduce((most, { rung }) => Math.max(most, rung), 0);
  const pairs = Array.from({ length: highest }, (): [number, number][] => []);
  for (const { parent, rung, loss } of withResult) {
    const below = parent === null ? undefined : byName.get(parent);
    if (below) pairs[rung - 1]?.push([below.loss, loss]);
  }
  return pairs.map(leastSquares);
}
