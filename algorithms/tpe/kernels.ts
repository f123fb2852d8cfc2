import type { RandomStream } from '../../core/random.ts';
import { normalCdf, truncatedNormalQuantile } from '../normal.ts';
import { cellOf, valueAt } from '../unit-coordinates.ts';
import { bandwidths } from './bandwidths.ts';
import { positionOf, type Axis } from '../axes.ts';

/** One parameter's share in the kernels of an estimator. The last kernel is the prior: every value is as likely. */
export interface Kernels {
  /** Adds the logarithm of each kernel's density at a value to `sums`. What all estimators of an axis share is left out. */
  addLogDensities(value: number, sums: Float64Array): void;
  /** A value drawn from one of the kernels. */
  draw(kernel: number, random: RandomStream): number;
}

/** Kernels around the positions of trials, and the prior. What is drawn has `spread` times the width of what densities are made of. */
export function kernelsOf(axis: Axis, positions: Float64Array, priorWeight: number, spread = 1): Kernels {
  return axis.kind === 'category'
    ? categoryKernels(axis.choices, positions, priorWeight)
    : lineKernels(axis, positions, spread);
}

/** Cells below this are so narrow beside any kernel that the density in their middle says it all. */
const NARROW = 0.0025;
const PRIOR_CENTRE = 0.5;
const PRIOR_WIDTH = 1;

/** Normal distributions truncated to [0, 1]; of a parameter with numbered values, their mass in the value's cell. */
function lineKernels(axis: Axis, positions: Float64Array, spread: number): Kernels {
  const centres = withLast(positions, PRIOR_CENTRE);
  const widths = withLast(bandwidths(positions), PRIOR_WIDTH);
  const masses = new Float64Array(centres.length);
  const logScales = new Float64Array(centres.length);
  for (let kernel = 0; kernel < centres.length; kernel++) {
    const width = widths[kernel] as number;
    masses[kernel] = massOf(centres[kernel] as number, width, 0, 1);
    logScales[kernel] = -Math.log((masses[kernel] as number) * width);
  }
  return {
    addLogDensities(value, sums) {
      const cell = cellOf(axis.parameter, value);
      if (cell !== null && cell[1] - cell[0] > NARROW)
        for (let kernel = 0; kernel < sums.length; kernel++) {
          const inCell = massOf(centres[kernel] as number, widths[kernel] as number, cell[0], cell[1]);
          sums[kernel] = (sums[kernel] as number) + Math.log(inCell / (masses[kernel] as number));
        }
      else {
        const position = positionOf(axis, value);
        for (let kernel = 0; kernel < sums.length; kernel++) {
          const z = (position - (centres[kernel] as number)) / (widths[kernel] as number);
          sums[kernel] = (sums[kernel] as number) + (logScales[kernel] as number) - 0.5 * z * z;
        }
      }
    },
    draw(kernel, random) {
      const centre = centres[kernel] ?? PRIOR_CENTRE;
      const width = spread * (widths[kernel] ?? PRIOR_WIDTH);
      const z = truncatedNormalQuantile(random.next(), -centre / width, (1 - centre) / width);
      return valueAt(axis.parameter, Math.min(1, Math.max(0, centre + width * z)));
    },
  };
}

/** What a normal distribution has between two places. */
function massOf(centre: number, width: number, low: number, high: number): number {
  return normalCdf((high - centre) / width) - normalCdf((low - centre) / width);
}

/** The category of the trial is likelier than the others, the more so the more trials there are. */
function categoryKernels(choices: number, positions: Float64Array, priorWeight: number): Kernels {
  const share = priorWeight / (positions.length + 1);
  const likely = (1 + share) / (1 + choices * share);
  const unlikely = share / (1 + choices * share);
  const [logLikely, logUnlikely] = [Math.log(likely), Math.log(unlikely)];
  const prior = positions.length;
  return {
    addLogDensities(value, sums) {
      for (let kernel = 0; kernel < prior; kernel++)
        sums[kernel] = (sums[kernel] ?? 0) + (positions[kernel] === value ? logLikely : logUnlikely);
      sums[prior] = (sums[prior] ?? 0) - Math.log(choices);
    },
    draw(kernel, random) {
      const isOwn = kernel < prior && random.next() < likely - unlikely;
      return isOwn ? (positions[kernel] ?? 0) : random.integer(choices);
    },
  };
}

function withLast(values: Float64Array, last: number): Float64Array {
  const longer = new Float64Array(values.length + 1);
  longer.set(values);
  longer[values.length] = last;
  return longer;
}
