const MOST_KERNELS_IN_WIDTH = 100;

/**
 * The standard deviation of the kernel at each of the points in [0, 1]: the greater of the distances to its neighbours. The
 * outermost points look inwards only; a single point looks to the ends of the axis. Never less than 1/min(100, n + 2),
 * so that many equal points do not become a spike that nothing leaves.
 *
 * J. Bergstra, R. Bardenet, Y. Bengio, B. Kégl, "Algorithms for hyper-parameter optimization", NIPS 2011, section 4.2.
 */
export function bandwidths(points: Float64Array): Float64Array {
  const count = points.length;
  const order = ascending(points);
  const least = 1 / Math.min(MOST_KERNELS_IN_WIDTH, count + 2);
  const widths = new Float64Array(count);
  for (let rank = 0; rank < count; rank++) {
    const index = order[rank] ?? 0;
    const point = points[index] ?? 0;
    const left = rank > 0 ? point - (points[order[rank - 1] ?? 0] ?? 0) : count > 1 ? 0 : point;
    const right = rank < count - 1 ? (points[order[rank + 1] ?? 0] ?? 0) - point : count > 1 ? 0 : 1 - point;
    widths[index] = Math.min(1, Math.max(least, left, right));
  }
  return widths;
}

/** Points that are nearer to each other may be taken for equal: no kernel is as narrow. */
const RESOLUTION = 2 ** 32;

/**
 * The indexes of the points in ascending order, of equal ones the earlier first. Each point and its index are one number, for numbers are
 * sorted many times as fast as anything that is compared by a function.
 */
function ascending(points: Float64Array): Float64Array {
  const count = points.length;
  const keys = new Float64Array(count);
  for (let index = 0; index < count; index++)
    keys[index] = Math.floor((points[index] as number) * RESOLUTION) * count + index;
  keys.sort();
  for (let rank = 0; rank < count; rank++) keys[rank] = (keys[rank] as number) % count;
  return keys;
}
