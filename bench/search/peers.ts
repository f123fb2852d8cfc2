import { readFileSync } from 'node:fs';

/** The numbers of trials after which regrets are told. */
export const BUDGETS = [30, 50, 100] as const;
export type Budget = (typeof BUDGETS)[number];

/**
 * What another optimiser reached: by function and budget the median regret over its seeds (20; HEBO and scikit-optimize
 * fewer), one trial after the other, at its own defaults. Measured once with the versions named; null where it was not.
 */
export interface Peer {
  readonly name: string;
  readonly median: (problem: string, budget: Budget) => number | null;
}

interface StoredPeer {
  name: string;
  medians: Record<string, Record<string, number>>;
}

const stored = JSON.parse(readFileSync(new URL('peers.json', import.meta.url), 'utf8')) as StoredPeer[];

export const PEERS: readonly Peer[] = stored.map(({ name, medians }) => ({
  name,
  median: (problem, budget) => medians[problem]?.[budget] ?? null,
}));

/** The median regret of uniform random search, against which searches are scored. */
export function randomRegret(problem: string, budget: Budget): number {
  return PEERS.find(({ name }) => name === 'random')?.median(problem, budget) ?? NaN;
}
