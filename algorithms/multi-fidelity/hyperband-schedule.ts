import type { Resource } from './resource.ts';
import type { NextTrial, Schedule } from './rung-search.ts';
import { ranked, type RungTrial, type RungTrials } from './rung-trials.ts';

/** What a division of whole numbers may be wrong by. */
const TOLERANCE = 1e-9;

/** A bracket: where it begins, and how many trials it has at each of its rungs. */
export interface Bracket {
  readonly firstRung: number;
  readonly sizes: readonly number[];
}

/**
 * The brackets in their order, from the one that begins with most configurations at the lowest rung to the one that trains all of
 * its few at the highest.
 *
 * L. Li et al., "Hyperband: a novel bandit-based approach to hyperparameter optimization", JMLR 18 (2018), algorithm 1.
 */
export function hyperbandBrackets({ values, eta }: Resource): Bracket[] {
  const rungs = values.length;
  return values.map((_, firstRung) => {
    const halvings = rungs - 1 - firstRung;
    const first = Math.ceil((rungs * eta ** halvings) / (halvings + 1) - TOLERANCE);
    return { firstRung, sizes: sizesFrom(first, halvings, eta) };
  });
}

function sizesFrom(first: number, halvings: number, eta: number): number[] {
  return Array.from({ length: halvings + 1 }, (_, k) =>
    Math.min(first, Math.max(1, Math.floor(first * eta ** -k + TOLERANCE))),
  );
}

/**
 * Hyperband without a barrier between brackets: a bracket whose rung waits for results lets the next one begin. Brackets follow
 * each other for ever, round and round. Trials without a result rank last, and are waited for by nobody.
 */
export function hyperbandSchedule(resource: Resource): Schedule {
  const brackets = hyperbandBrackets(resource);
  return (known, mayBegin) => {
    const begun = byBracket(known.trials);
    const last = Math.max(-1, ...begun.keys());
    for (let number = 0; mayBegin || number <= last; number++) {
      const bracket = brackets[number % brackets.length];
      const trials = begun.get(number) ?? [];
      const next = bracket && nextOf(bracket, resource.eta, trials, known, mayBegin);
      if (next) return { ...next, bracket: number };
    }
    return null;
  };
}

/** The next trial of a bracket; null where it waits or has ended. */
function nextOf(
  { firstRung, sizes }: Bracket,
  eta: number,
  trials: readonly RungTrial[],
  { promoted }: RungTrials,
  mayBegin: boolean,
): Omit<NextTrial, 'bracket'> | null {
  let members = trials.filter(({ rung }) => rung === firstRung);
  if (mayBegin && members.length < (sizes[0] ?? 0)) return { rung: firstRung, parent: null };
  // A space that was used up has left the bracket with fewer to begin with.
  const actual = sizesFrom(members.length, sizes.length - 1, eta);
  for (let k = 1; k < actual.length; k++) {
    if (members.length === 0 || members.some(({ isRunning }) => isRunning)) return null;
    const best = ranked(members).slice(0, actual[k]);
    const parent = best.find(({ name, loss }) => loss < Infinity && !promoted.has(name));
    if (parent) return { rung: firstRung + k, parent };
    members = trials.filter(({ rung }) => rung === firstRung + k);
  }
  return null;
}

function byBracket(trials: readonly RungTrial[]): Map<number, RungTrial[]> {
  const brackets = new Map<number, RungTrial[]>();
  for (const trial of trials) {
    const list = brackets.get(trial.bracket);
    if (list) list.push(trial);
    else brackets.set(trial.bracket, [trial]);
  }
  return brackets;
}
