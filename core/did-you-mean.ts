/**
 * The candidate that `name` was probably meant to be, or undefined where none is near: one with a few letters changed,
 * else the only one that begins with it. Case does not count.
 */
export function nearest(name: string, candidates: Iterable<string>): string | undefined {
  const names = [...candidates];
  return nearestSpelling(name, names) ?? onlyLongerName(name, names);
}

function nearestSpelling(name: string, candidates: readonly string[]): string | undefined {
  const wanted = name.toLowerCase();
  let best: string | undefined;
  // A third of the letters may be wrong: enough for a typing slip, too little for another word.
  let bestDistance = Math.floor(Math.max(3, name.length) / 3) + 1;
  for (const candidate of candidates) {
    const distance = editDistance(wanted, candidate.toLowerCase(), bestDistance);
    if (distance < bestDistance) [best, bestDistance] = [candidate, distance];
  }
  return best;
}

/** Fewer letters than this say nothing about the name that they begin. */
const SHORTEST_PREFIX = 3;

function onlyLongerName(name: string, candidates: readonly string[]): string | undefined {
  if (name.length < SHORTEST_PREFIX) return undefined;
  const longer = candidates.filter((candidate) => candidate.toLowerCase().startsWith(name.toLowerCase()));
  return longer.length === 1 ? longer[0] : undefined;
}

/** A sentence for an error's remedy: the near name, or else all names there are. */
export function didYouMean(name: string, candidates: Iterable<string>): string {
  const names = [...candidates];
  const near = nearest(name, names);
  if (near !== undefined) return `Did you mean "${near}"?`;
  if (names.length === 0) return 'There are none.';
  return `Write one of ${names.join(', ')}.`;
}

/** Edits (letter changed, added, left out, two exchanged) from one to the other, at most `limit`. */
function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) >= limit) return limit;
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const changed = at(last, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const isExchange = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const exchanged = isExchange ? at(beforeLast, j - 2) + 1 : limit;
      row.push(Math.min(changed, exchanged, at(last, j) + 1, at(row, j - 1) + 1));
    }
    [beforeLast, last] = [last, row];
  }
  return Math.min(limit, at(last, b.length));
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Infinity;
}
