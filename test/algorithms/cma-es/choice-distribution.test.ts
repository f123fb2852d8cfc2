import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  choiceAt,
  uniformChoices,
  updatedChoices,
  type ChoiceDistribution,
} from '../../../algorithms/cma-es/choice-distribution.ts';
import { cmaSpace } from '../../../algorithms/cma-es/space.ts';
import { randomStream } from '../../../core/random.ts';
import { categorical, int } from '../spaces.ts';

const { choices } = cmaSpace([categorical('a', 'b', 'c'), int(0, 1), categorical('a', 'b', 'c', 'd', 'e')]);
const POINTS = 10;
const HALVES = Float64Array.from({ length: POINTS }, (_, rank) => Math.max(0, 5 - rank) / 15);

/** Generations of ten drawn points, ranked by `cost`. */
function afterGenerations(cost: (values: Int32Array) => number, generations: number): ChoiceDistribution {
  const random = randomStream('choices');
  let distribution = uniformChoices(choices);
  for (let generation = 0; generation < generations; generation++) {
    const drawn = Array.from({ length: POINTS }, () =>
      Int32Array.from(distribution.probabilities, (list) => choiceAt(list, random.next())),
    ).sort((left, right) => cost(left) - cost(right));
    distribution = updatedChoices(distribution, drawn, HALVES, 0.1);
  }
  return distribution;
}

describe('the probabilities of choices', () => {
  it('are equal in the beginning, also those of a number with two values', () =>
    expect(uniformChoices(choices).probabilities.map((list) => [...list])).toEqual([
      [1 / 3, 1 / 3, 1 / 3],
      [0.5, 0.5],
      [0.2, 0.2, 0.2, 0.2, 0.2],
    ]));

  it('go to the values that good trials had', () => {
    const { probabilities } = afterGenerations(
      ([a, b, c]) => Number(a !== 2) + Number(b !== 0) + Number(c !== 4),
      60,
    );
    expect(probabilities[0]?.[2]).toBeGreaterThan(0.85);
    expect(probabilities[1]?.[0]).toBeGreaterThan(0.85);
    expect(probabilities[2]?.[4]).toBeGreaterThan(0.85);
  });

  it('always sum to 1 and never fall under their margin', () => {
    const values = fc.tuple(fc.nat({ max: 2 }), fc.nat({ max: 1 }), fc.nat({ max: 4 }));
    const generation = fc.array(values, { minLength: POINTS, maxLength: POINTS });
    fc.assert(
      fc.property(fc.array(generation, { maxLength: 30 }), (generations) => {
        let distribution = uniformChoices(choices);
        for (const points of generations) {
          distribution = updatedChoices(
            distribution,
            points.map((point) => Int32Array.from(point)),
            HALVES,
            0.1,
          );
        }
        for (const list of distribution.probabilities) {
          expect(list.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 12);
          expect(Math.min(...list)).toBeGreaterThanOrEqual(0.1 / (list.length - 1) - 1e-12);
        }
      }),
    );
  });

  it('move in smaller steps the less the ranks agree', () => {
    const noise = randomStream('noise');
    const random = afterGenerations(() => noise.next(), 200);
    const clear = afterGenerations(([a]) => Number(a !== 2), 5);
    expect(random.logDamping).toBeGreaterThan(clear.logDamping + 0.3);
  });

  it.each([
    [0, 0],
    [0.19, 0],
    [0.2, 1],
    [0.69, 1],
    [0.71, 2],
    [0.9999999, 2],
  ])('give at %d the value %i', (u, value) =>
    expect(choiceAt(Float64Array.of(0.2, 0.5, 0.3), u)).toBe(value),
  );
});
