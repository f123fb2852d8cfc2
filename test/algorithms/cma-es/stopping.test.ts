import { describe, expect, it } from 'vitest';
import { initialDistribution, type Distribution } from '../../../algorithms/cma-es/distribution.ts';
import type { Merit } from '../../../algorithms/cma-es/ranking.ts';
import { cmaSpace, type CmaSpace } from '../../../algorithms/cma-es/space.ts';
import { advancedProgress, isOver, NO_PROGRESS, type Progress } from '../../../algorithms/cma-es/stopping.ts';
import { strategyParameters } from '../../../algorithms/cma-es/strategy-parameters.ts';
import { double, int } from '../spaces.ts';

/** 10 + ⌈30 · 2 / 6⌉ = 20 generations without progress are enough. */
const PARAMETERS = strategyParameters(2, 6, false);
const LINES = cmaSpace([double(0, 1), double(0, 1)]);
const done = (value: number): Merit => ({ tier: 0, value });

/** Generations with these best values, after one with values from 0 to 100. */
function progressOf(best: readonly number[]): Progress {
  const first = advancedProgress(NO_PROGRESS, [done(0), done(100)], PARAMETERS);
  return best.reduce((progress, value) => advancedProgress(progress, [done(value)], PARAMETERS), first);
}

function distributionOf(space: CmaSpace, sigma: number): Distribution {
  const mean = new Float64Array(space.lines.length).fill(0.5);
  return initialDistribution(space, { mean, sigma, isSeparable: false, adaptsLearningRates: false });
}

describe('the end of a run', () => {
  const wide = distributionOf(LINES, 0.1);

  it.each([
    { what: 'nothing has got better for twenty generations', best: Array<number>(20).fill(1), over: true },
    { what: 'that was so for nineteen only', best: [0.5, ...Array<number>(19).fill(1)], over: false },
    {
      what: 'what got better is a ten-millionth of all',
      best: Array.from({ length: 20 }, (_, at) => 1 - at * 4e-7),
      over: true,
    },
    {
      what: 'what got better is a hundred-thousandth of all',
      best: Array.from({ length: 20 }, (_, at) => 1 - at * 4e-5),
      over: false,
    },
  ])('has come or not, where $what: $over', ({ best, over }) =>
    expect(isOver(LINES, wide, progressOf(best), PARAMETERS)).toBe(over),
  );

  it('does not come where no trial has a result', () => {
    let progress = NO_PROGRESS;
    for (let generation = 0; generation < 100; generation++)
      progress = advancedProgress(progress, [{ tier: 2, value: 0 }, done(Infinity)], PARAMETERS);
    expect(isOver(LINES, wide, progress, PARAMETERS)).toBe(false);
  });

  it('comes where all continuous axes are narrow, and no path leads on', () => {
    const narrow = distributionOf(LINES, 1e-6);
    expect(isOver(LINES, narrow, NO_PROGRESS, PARAMETERS)).toBe(true);
    const gaussian = { ...narrow.gaussian, covariancePath: Float64Array.of(0, 100) };
    expect(isOver(LINES, { ...narrow, gaussian }, NO_PROGRESS, PARAMETERS)).toBe(false);
  });

  it('does not come by narrow axes with cells, which always keep their margin', () => {
    const cells = cmaSpace([int(0, 9), int(0, 9)]);
    expect(isOver(cells, distributionOf(cells, 1e-9), NO_PROGRESS, PARAMETERS)).toBe(false);
  });

  it('comes where an axis has lost all its width', () => {
    const covariance = wide.gaussian.covariance.updated(1, [{ weight: 1e15, step: Float64Array.of(1, 1) }]);
    const gaussian = { ...wide.gaussian, covariance };
    expect(isOver(LINES, { ...wide, gaussian }, NO_PROGRESS, PARAMETERS)).toBe(true);
  });
});
