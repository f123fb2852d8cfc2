/**
 * The first `count` values of the order, in order: a page of a long list without sorting the whole. Stable: of equal
 * values the earlier one comes first.
 */
export function smallest<T>(
  values: readonly T[],
  compare: (left: T, right: T) => number,
  count: number,
): T[] {
  if (count <= 0) return [];
  let kept: T[] = [];
  /** No value from here on belongs to the result, unless it stands before this one. */
  let bound: T | undefined;
  for (const value of values) {
    if (bound !== undefined && compare(value, bound) >= 0) continue;
    kept.push(value);
    if (kept.length < 2 * count) continue;
    kept = kept.sort(compare).slice(0, count);
    bound = kept.at(-1);
  }
  return kept.sort(compare).slice(0, count);
}
