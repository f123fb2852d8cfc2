import { normalCdf } from '../../normal.ts';
import type { Cells } from './cells.ts';

/** The normal reference rule for the width of a kernel. */
const SCOTT = 1.059;
/** The interquartile range of a normal distribution in standard deviations. */
const NORMAL_IQR = 1.34;
/** A kernel keeps nine tenths of its mass in a cell when its half width is so many standard deviations. */
const LEAST_HALF_WIDTH = 1.64;

/**
 * The standard deviation of the kernels for trials that are counted in cells: 1.059 · min(sd, IQR/1.34) · n^(−1/5), and no less
 * than what leaves a trial in its cell.
 *
 * D. W. Scott, "Multivariate density estimation", 1992, section 6.5.
 */
export function scottBandwidth({ count, edges }: Cells, counts: Float64Array): number {
  const total = counts.reduce((sum, inCell) => sum + inCell, 0);
  const centres = Float64Array.from(counts, (_, cell) => centreOf(edges, cell));
  const mean = counts.reduce((sum, inCell, cell) => sum + inCell * (centres[cell] ?? 0), 0) / total;
  const squares = counts.reduce((sum, inCell, cell) => sum + inCell * ((centres[cell] ?? 0) - mean) ** 2, 0);
  const deviation = Math.sqrt(squares / Math.max(1, total - 1));
  const quartiles = quantile(edges, counts, 0.75 * total) - quantile(edges, counts, 0.25 * total);
  const width = SCOTT * Math.min(deviation, quartiles / NORMAL_IQR) * total ** -0.2;
  return Math.max(width, 0.5 / LEAST_HALF_WIDTH / count);
}

/** The place below which so many trials lie, as if they were spread evenly in their cells. */
function quantile(edges: Float64Array, counts: Float64Array, below: number): number {
  let passed = 0;
  for (const [cell, inCell] of counts.entries()) {
    if (passed + inCell >= below && inCell > 0) {
      const low = edges[cell] ?? 0;
      return low + ((below - passed) / inCell) * ((edges[cell + 1] ?? 1) - low);
    }
    passed += inCell;
  }
  return 1;
}

/** What the kernel of a trial in cell `from` has in cell `to`, at `from * count + to`. Each kernel has 1 in all cells together. */
export function kernelMasses({ count, edges }: Cells, bandwidth: number): Float64Array {
  const masses = new Float64Array(count * count);
  for (let from = 0; from < count; from++) {
    const row = masses.subarray(from * count, (from + 1) * count);
    const centre = centreOf(edges, from);
    let below = normalCdf((0 - centre) / bandwidth);
    const first = below;
    for (let to = 0; to < count; to++) {
      const upTo = normalCdf(((edges[to + 1] ?? 1) - centre) / bandwidth);
      row[to] = upTo - below;
      below = upTo;
    }
    for (let to = 0; to < count; to++) row[to] = (row[to] ?? 0) / (below - first);
  }
  return masses;
}

/** The same for categories, none of which is near another: all of a trial is in its own cell. */
export function separateMasses(count: number): Float64Array {
  const masses = new Float64Array(count * count);
  for (let cell = 0; cell < count; cell++) masses[cell * count + cell] = 1;
  return masses;
}

function centreOf(edges: Float64Array, cell: number): number {
  return ((edges[cell] ?? 0) + (edges[cell + 1] ?? 1)) / 2;
}
