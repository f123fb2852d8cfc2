/** Regrets below this share of random search's count as none. */
const SOLVED_SHARE = 1e-4;

/**
 * How far a regret is on the way, on a logarithmic scale, from the one that random search has (0) to none (1); -1 where it
 * is as much worse than random search, or more.
 */
export function score(regret: number, randomRegret: number): number {
  const solved = Math.log10(SOLVED_SHARE * randomRegret);
  const logOf = (value: number): number => Math.log10(Math.max(0, value) + SOLVED_SHARE * randomRegret);
  const way = 1 - (logOf(regret) - solved) / (logOf(randomRegret) - solved);
  return Math.max(-1, Math.min(1, way));
}
