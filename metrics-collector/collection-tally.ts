import type { CollectionReport } from '../core/observation.ts';
import { createMentions } from './mentions.ts';

const MAX_OTHER_NAMES = 50;
const MAX_PROBLEMS = 20;
const MAX_TEXT_LENGTH = 120;
/** All of the first lines are searched for other names, then one in so many: enough for a hint, cheap for a big log. */
const FULLY_SEARCHED_LINES = 2_000;
const SEARCHED_EVERY = 100;

/** Gathers what a collector saw, in bounded space, for the report at the end. */
export interface CollectionTally {
  /** One line or record was read. */
  countRead(): void;
  /** Whether the line just read is one of those searched for names that nobody asked for. */
  searchesOtherNames(): boolean;
  countFound(metric: string): void;
  /** Whether no value of a requested metric was found so far. */
  isMissing(metric: string): boolean;
  countOther(name: string): void;
  /** A requested metric was seen with something that is not a number. The first example is kept. */
  notNumber(metric: string, example: string): void;
  /** The line just read holds the name of a requested metric, but no value of it was read. */
  unread(metric: string, line: string): void;
  /** A repeated problem is listed once, with how often it came and the first example. */
  problem(description: string, example?: string): void;
  /** Nobody has answered so far; `what` says at which addresses, and how. Of no meaning once somebody did. */
  unanswered(what: string): void;
  answered(): void;
  report(): CollectionReport;
}

interface Problem {
  count: number;
  example: string | undefined;
}

export function createCollectionTally(metrics: readonly string[]): CollectionTally {
  let read = 0;
  const found = new Map(metrics.map((metric) => [metric, 0]));
  const otherNames = new Map<string, number>();
  const notNumbers = new Map<string, string>();
  const problems = new Map<string, Problem>();
  const mentions = createMentions();
  let hasAnswered = false;
  let unanswered: string | null = null;
  return {
    countRead() {
      read++;
    },
    searchesOtherNames: () => read <= FULLY_SEARCHED_LINES || read % SEARCHED_EVERY === 0,
    countFound: (metric) => void found.set(metric, (found.get(metric) ?? 0) + 1),
    countOther: (name) => countBounded(otherNames, name.slice(0, MAX_TEXT_LENGTH)),
    notNumber(metric, example) {
      if (!notNumbers.has(metric)) notNumbers.set(metric, example.slice(0, MAX_TEXT_LENGTH));
    },
    isMissing: (metric) => metric !== '' && found.get(metric) === 0,
    unread: (metric, line) => mentions.add(metric, line),
    problem(description, example) {
      const known = problems.get(description);
      if (known) known.count++;
      else if (problems.size < MAX_PROBLEMS) problems.set(description, { count: 1, example });
    },
    unanswered: (what) => void (unanswered = what),
    answered: () => void (hasAnswered = true),
    report() {
      const unread = mentions.of((metric) => found.get(metric) === 0);
      return {
        read,
        found: Object.fromEntries(found),
        otherNames: Object.fromEntries([...otherNames].toSorted(([, a], [, b]) => b - a)),
        notNumbers: Object.fromEntries(notNumbers),
        problems: Array.from(problems, ([description, problem]) => describe(description, problem)),
        ...(Object.keys(unread).length > 0 && { mentions: unread }),
        ...(unanswered !== null && !hasAnswered && { unanswered }),
      };
    },
  };
}

/** A full map gives up its rarest name, so that names that come again and again outlive a list of settings. */
function countBounded(counts: Map<string, number>, name: string): void {
  const count = counts.get(name);
  if (count === undefined && counts.size >= MAX_OTHER_NAMES) {
    let rarest: [string, number] | undefined;
    for (const entry of counts) if (!rarest || entry[1] < rarest[1]) rarest = entry;
    if (rarest) counts.delete(rarest[0]);
  }
  counts.set(name, (count ?? 0) + 1);
}

function describe(description: string, { count, example }: Problem): string {
  const times = count === 1 ? '' : ` (${count} times)`;
  const shown = example === undefined ? '' : `: ${JSON.stringify(example.slice(0, MAX_TEXT_LENGTH))}`;
  return `${description}${times}${shown}`;
}
