import type { RandomStream } from '../../core/random.ts';
import type { Parameter, Point } from '../../core/search-space.ts';
import { levelCount, levelOf, levelValue } from '../lattice.ts';
import { valueAt } from '../unit-coordinates.ts';

const FACTORS = [0.8, 1.2] as const;
/** How likely a category is drawn anew where no probability is given: there is nothing between two of them. */
const CATEGORY_RESAMPLING = 0.25;
/** Of the range, where a factor says nothing because the value is 0. */
const STEP_FROM_ZERO = 0.1;

/**
 * The values of a better member, changed a little: with probability `resampling` a parameter is drawn anew from its distribution;
 * otherwise a number is multiplied by 0.8 or 1.2, by one value of its lattice at least, and kept in its range; a list moves to a
 * neighbour.
 *
 * M. Jaderberg et al., "Population based training of neural networks" (2017), section 4.1.1.
 */
export function explore(
  parameters: readonly Parameter[],
  point: Point,
  resampling: number,
  random: RandomStream,
): Point {
  return Float64Array.from(parameters, (parameter, axis) => {
    const value = point[axis] ?? Number.NaN;
    const stream = random.fork(axis);
    const share = parameter.kind === 'categorical' ? Math.max(resampling, CATEGORY_RESAMPLING) : resampling;
    if (stream.next() < share) return valueAt(parameter, stream.next());
    return perturbed(parameter, value, stream.integer(2) === 1);
  });
}

function perturbed(parameter: Parameter, value: number, isUp: boolean): number {
  switch (parameter.kind) {
    case 'categorical':
      return value;
    case 'discrete':
      return levelValue(parameter, neighbour(parameter, value, isUp));
    case 'int':
    case 'double': {
      const { min, max } = parameter;
      const wanted =
        value === 0 ? (isUp ? 1 : -1) * STEP_FROM_ZERO * (max - min) : value * FACTORS[isUp ? 1 : 0];
      const count = levelCount(parameter);
      if (count === Infinity) {
        const inRange = Math.min(max, Math.max(min, wanted));
        return parameter.kind === 'int' ? Math.round(inRange) : inRange;
      }
      const own = levelOf(parameter, value) ?? 0;
      const level = Math.round((wanted - min) / (parameter.step ?? 1));
      const moved = level === own ? neighbour(parameter, value, wanted > value) : level;
      return levelValue(parameter, Math.min(count - 1, Math.max(0, moved)));
    }
  }
}

/** The number of the next value up or down; at the end of the list the value itself. */
function neighbour(parameter: Parameter, value: number, isUp: boolean): number {
  const level = (levelOf(parameter, value) ?? 0) + (isUp ? 1 : -1);
  return Math.min(levelCount(parameter) - 1, Math.max(0, level));
}
