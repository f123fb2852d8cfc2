import { describe, expect, it } from 'vitest';
import { leastSquares } from '../../../algorithms/multi-fidelity/least-squares.ts';
import { foretold, highestRung } from '../../../algorithms/multi-fidelity/lessons.ts';
import type { RungTrial } from '../../../algorithms/multi-fidelity/rung-trials.ts';

let rows = 0;
function trial(rung: number, loss: number, parent: RungTrial | null = null): RungTrial {
  const row = rows++;
  return { row, name: `t-${row}`, bracket: 0, rung, parent: parent?.name ?? null, isRunning: false, loss };
}

function losses(trials: RungTrial[], lesson: typeof foretold): Map<string, number> {
  const learnt = lesson({ trials, promoted: new Set() });
  return new Map(learnt.map(({ trial: { name }, loss }) => [name, loss]));
}

describe('the lesson of the highest rung', () => {
  it('is that with enough results, of those alone', () => {
    const low = [1, 2, 3, 4].map((loss) => trial(0, loss));
    const middle = [1, 2, 3].map((loss) => trial(1, loss));
    const trials = [...low, ...middle, trial(2, 1), trial(1, Infinity)];
    expect([...losses(trials, highestRung(3)).keys()]).toEqual(middle.map(({ name }) => name));
    expect(losses(trials, highestRung(4)).size).toBe(4);
    expect(losses(trials, highestRung(5)).size).toBe(0);
  });
});

describe('the lesson of what is foretold', () => {
  it('has each configuration once, by the highest rung at which it has a result', () => {
    const first = trial(0, 1);
    const second = trial(0, 2);
    const child = trial(1, 0.5, first);
    const failed = trial(1, Infinity, second);
    const learnt = losses([first, second, child, failed], foretold);
    expect([...learnt.keys()]).toEqual([second.name, child.name]);
    expect(learnt.get(child.name)).toBe(0.5);
  });

  it('carries what was left behind on by what others gained', () => {
    const pairs = [1, 2, 3, 4, 5].map((loss) => trial(0, loss));
    const children = pairs.map((parent) => trial(1, 10 + 0.5 * parent.loss, parent));
    const left = [trial(0, 0), trial(0, 4.5), trial(0, 7)];
    const learnt = losses([...pairs, ...children, ...left], foretold);
    // The line is y = 10 + x/2, above 5 with slope 1.
    expect(left.map(({ name }) => learnt.get(name))).toEqual([10, 12.25, 14.5]);
  });

  it('carries on over several rungs', () => {
    const first = trial(0, 1);
    const second = trial(1, 3, first);
    const third = trial(2, 7, second);
    const left = trial(0, 2);
    expect(losses([first, second, third, left], foretold).get(left.name)).toBe(8);
  });
});

describe('a line', () => {
  it('does not turn the order round, and does not spread it', () => {
    const falling = [1, 2, 3, 4, 5].map((x): [number, number] => [x, -x]);
    expect(leastSquares(falling).at(2)).toBeLessThan(leastSquares(falling).at(3));
    const steep = [1, 2, 3, 4, 5].map((x): [number, number] => [x, 9 * x]);
    expect(leastSquares(steep).at(3) - leastSquares(steep).at(2)).toBe(1);
  });

  it('knows nothing without pairs, and nothing of a slope from four', () => {
    expect(leastSquares([]).at(3)).toBe(3);
    const four = [1, 2, 3, 4].map((x): [number, number] => [x, x / 2]);
    expect(leastSquares(four).at(2.5)).toBe(1.25);
    expect(leastSquares(four).at(3.5)).toBe(2.25);
  });
});
