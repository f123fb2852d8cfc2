import type { Parameter } from '../core/search-space.ts';
import { distinctPointSearcher, type Propose } from './distinct-points.ts';
import { pointCount } from './finite-space.ts';
import { gridOrder } from './grid-order.ts';
import { levelCount, levelValue } from './lattice.ts';
import type { SearchAlgorithm } from './search-algorithm.ts';
import { RANDOM_STATE } from './settings.ts';

/**
 * Every combination of the parameters' values once, in a shuffled order that covers the space from the start. The
 * trial number i gets the grid's cell number i; where that was tried already (a point told from outside), the next one
 * that was not. Cells whose trial was deleted are offered again at the end. Distributions do not matter.
 */
export const gridSearch: SearchAlgorithm = {
  name: 'grid',
  summary: 'Grid search: every combination of the parameters’ values once, in shuffled order.',
  settings: [RANDOM_STATE],
  unsupported: ({ parameters }) => parameters.filter(isContinuous).map(needsStep),
  create: ({ parameters }, _settings, random) => {
    const cellAt = gridOrder(parameters.map(levelCount), random);
    return distinctPointSearcher(parameters, nextFreeCell(parameters, cellAt));
  },
};

function isContinuous(parameter: Parameter): boolean {
  return levelCount(parameter) === Infinity;
}

function needsStep(parameter: Parameter): string {
  if (parameter.kind === 'double' && parameter.step === null) {
    return `The algorithm grid cannot enumerate the parameter ${parameter.name}: a double needs feasibleSpace.step there.`;
  }
  return `The algorithm grid cannot enumerate the parameter ${parameter.name}: its step gives more than 2^53 values.`;
}

function nextFreeCell(parameters: readonly Parameter[], cellAt: (position: bigint) => number[]): Propose {
  const count = pointCount(parameters) ?? 1n;
  return (index, isTaken) => {
    for (let position = BigInt(index) % count; ; position = (position + 1n) % count) {
      const levels = cellAt(position);
      const point = Float64Array.from(parameters, (parameter, axis) =>
        levelValue(parameter, levels[axis] ?? 0),
      );
      if (!isTaken(point)) return point;
    }
  };
}
