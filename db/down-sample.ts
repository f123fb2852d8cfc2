/** Points that stay of each stretch: first, smallest, largest, last. */
const POINTS_PER_STRETCH = 4;

interface Candidate<P> {
  at: number;
  point: P;
}

/** A stretch of a series, reduced to the points that its curve cannot do without. */
interface Stretch<P> {
  first: Candidate<P>;
  last: Candidate<P>;
  smallest: Candidate<P>;
  largest: Candidate<P>;
}

/**
 * At most `maxPoints` (at least 4) of `points`, in their order. `count` is how many there are. The points are divided into
 * equal stretches of which the first, last, smallest and largest stay; NaN is neither smallest nor largest unless there is
 * nothing else. Holds no more points than it gives.
 */
export function downSample<P extends { value: number }>(
  points: Iterable<P>,
  count: number,
  maxPoints: number,
): P[] {
  if (count <= maxPoints) return [...points];
  const stretches: Stretch<P>[] = [];
  const length = count / Math.floor(maxPoints / POINTS_PER_STRETCH);
  let at = 0;
  for (const point of points) {
    const candidate = { at, point };
    const index = Math.floor(at / length);
    const stretch = stretches[index];
    if (stretch) extend(stretch, candidate);
    else stretches[index] = { first: candidate, last: candidate, smallest: candidate, largest: candidate };
    at++;
  }
  return stretches.flatMap(keptPoints);
}

function extend<P extends { value: number }>(stretch: Stretch<P>, candidate: Candidate<P>): void {
  const { value } = candidate.point;
  stretch.last = candidate;
  if (value < stretch.smallest.point.value || isNaNPoint(stretch.smallest)) stretch.smallest = candidate;
  if (value > stretch.largest.point.value || isNaNPoint(stretch.largest)) stretch.largest = candidate;
}

function isNaNPoint(candidate: Candidate<{ value: number }>): boolean {
  return Number.isNaN(candidate.point.value);
}

function keptPoints<P>({ first, last, smallest, largest }: Stretch<P>): P[] {
  const byPosition = new Map([first, smallest, largest, last].map(({ at, point }) => [at, point]));
  return [...byPosition].toSorted(([a], [b]) => a - b).map(([, point]) => point);
}
