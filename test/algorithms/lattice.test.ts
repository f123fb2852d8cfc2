import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { levelCount, levelOf, levelValue } from '../../algorithms/lattice.ts';
import type { Parameter } from '../../core/search-space.ts';
import { anyParameter, categorical, discrete, double, int, isFeasible } from './spaces.ts';

function values(parameter: Parameter): number[] {
  return Array.from({ length: levelCount(parameter) }, (_, level) => levelValue(parameter, level));
}

describe('the values of a parameter', () => {
  it.each<[string, Parameter, number[]]>([
    ['0.1 to 0.3 by 0.1', double(0.1, 0.3, { step: 0.1, decimals: 1 }), [0.1, 0.2, 0.3]],
    ['0.1 to 1 by 0.4', double(0.1, 1, { step: 0.4, decimals: 1 }), [0.1, 0.5, 0.9]],
    ['-0.2 to 0.2 by 0.1', double(-0.2, 0.2, { step: 0.1, decimals: 1 }), [-0.2, -0.1, 0, 0.1, 0.2]],
    ['1e-7 to 3e-7 by 1e-7', double(1e-7, 3e-7, { step: 1e-7, decimals: 7 }), [1e-7, 2e-7, 3e-7]],
    ['1 to 10 by 2', int(1, 10, { step: 2 }), [1, 3, 5, 7, 9]],
    ['a single number', double(0.5, 0.5), [0.5]],
    ['a list', discrete('-1', '0.5', '8'), [-1, 0.5, 8]],
    ['categories', categorical('a', 'b'), [0, 1]],
  ])('are exact for %s', (_, parameter, expected) => expect(values(parameter)).toEqual(expected));

  it('are not counted for a continuous double', () => expect(levelCount(double(0, 1))).toBe(Infinity));

  it('are not counted where doubles cannot tell them apart', () =>
    expect(levelCount(double(0, 1e10, { step: 1e-10, decimals: 10 }))).toBe(Infinity));

  it('lie in the range and on the lattice, and know their number', () => {
    fc.assert(
      fc.property(
        anyParameter,
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (parameter, at) => {
          const count = levelCount(parameter);
          fc.pre(count !== Infinity);
          const level = Math.floor(at * count);
          const value = levelValue(parameter, level);
          expect(isFeasible(parameter, value)).toBe(true);
          expect(levelOf(parameter, value)).toBe(level);
        },
      ),
    );
  });

  it.each<[string, Parameter, number]>([
    ['between two lattice points', double(0, 1, { step: 0.1, decimals: 1 }), 0.15],
    ['beyond the end', int(1, 3), 4],
    ['before the beginning', int(1, 3), 0],
    ['not in the list', discrete('1', '2'), 1.5],
    ['an index that is no category', categorical('a'), 1],
    ['NaN', int(1, 3), Number.NaN],
  ])('do not include a value that is %s', (_, parameter, value) =>
    expect(levelOf(parameter, value)).toBeUndefined(),
  );

  it('are found in spite of a rounding error', () =>
    expect(levelOf(double(0.1, 0.5, { step: 0.1, decimals: 1 }), 0.1 + 0.2)).toBe(2));
});
