import type { RandomStream } from '../core/random.ts';
import { distinctPointSearcher, randomFreePoint } from './distinct-points.ts';
import { owenScramble } from './owen-scramble.ts';
import type { SearchAlgorithm } from './search-algorithm.ts';
import { RANDOM_STATE } from './settings.ts';
import { SOBOL_TABLE_DIMENSIONS, sobolBits, sobolDirections } from './sobol-sequence.ts';
import { pointAt } from './unit-coordinates.ts';

/**
 * The scrambled Sobol sequence: the trial number i gets the point number i, whatever the history. Blocks of 2^k trials
 * are spread evenly over every parameter. In a finite space a point that would repeat an earlier one is replaced by a
 * random free one.
 *
 * A. B. Owen, "Randomly permuted (t,m,s)-nets and (t,s)-sequences" (1995).
 */
export const sobolSearch: SearchAlgorithm = {
  name: 'sobol',
  summary: 'Quasi-random search: a scrambled Sobol sequence covers the space more evenly than random draws.',
  settings: [RANDOM_STATE],
  unsupported: () => [],
  create({ parameters }, _settings, random) {
    const coordinatesAt = scrambledSobol(parameters.length, random);
    return distinctPointSearcher(parameters, (index, isTaken) => {
      const point = pointAt(parameters, coordinatesAt(index));
      return isTaken(point) ? randomFreePoint(parameters, random.fork(index), isTaken) : point;
    });
  },
};

/**
 * Points of the scrambled sequence, coordinates in (0, 1). Dimensions beyond the table of direction numbers are
 * padded with independent random coordinates.
 */
export function scrambledSobol(dimensions: number, random: RandomStream): (index: number) => Float64Array {
  const sobolDimensions = Math.min(dimensions, SOBOL_TABLE_DIMENSIONS);
  const directions = sobolDirections(sobolDimensions);
  const scrambling = random.fork('scrambling');
  const seeds = Uint32Array.from({ length: sobolDimensions }, () => scrambling.bits32());
  return (index) => {
    const padding = dimensions > sobolDimensions ? random.fork(`padding ${index}`) : undefined;
    return Float64Array.from({ length: dimensions }, (_, dimension) => {
      if (padding && dimension >= sobolDimensions) return padding.next();
      const bits = owenScramble(sobolBits(directions, dimension, index), seeds[dimension] ?? 0);
      return (bits + 0.5) / 2 ** 32;
    });
  };
}
