import { PBT_GENERATION_LABEL, PBT_MEMBER_LABEL, PBT_PARENT_LABEL } from '../../core/labels.ts';
import type { RandomStream } from '../../core/random.ts';
import type { Parameter, Point, SearchProblem } from '../../core/search-space.ts';
import { randomPoint } from '../distinct-points.ts';
import type { SearchAlgorithm, Searcher, Suggested } from '../search-algorithm.ts';
import type { TrialHistory } from '../trial-history.ts';
import { explore } from './explore.ts';
import { missingSettings, PBT_SETTINGS, readPbtSettings, type PbtSettings } from './pbt-settings.ts';
import { addMemberTrial, readPopulation, type MemberTrial, type Population } from './population.ts';

/**
 * Population based training: members train side by side, a generation at a time. One that is among the worst of its generation is
 * replaced: its next trial goes on from the checkpoint of one of the best, with that one's values changed a little. The
 * others go on as they are.
 *
 * Nobody is waited for longer than a decision needs: a member goes on as soon as half of the population have a result of its
 * generation; those that lag behind, or never end, keep only their own place.
 *
 * M. Jaderberg et al., "Population based training of neural networks" (2017), algorithm 1, with truncation selection.
 */
export const pbtSearch: SearchAlgorithm = {
  name: 'pbt',
  summary:
    'Population based training: trials go on from each other’s checkpoints, the worst from those of the best.',
  settings: PBT_SETTINGS,
  labelsTrials: true,
  unsupported: (_problem, settings) => missingSettings(settings),
  create: (problem, settings, random) => pbtSearcher(problem, readPbtSettings(settings), random),
};

/** What is to be done for one member. */
interface NextTrial {
  readonly member: number;
  readonly generation: number;
  /** null: it begins with a random point, from nothing. */
  readonly parent: MemberTrial | null;
  /** The parent is another member, whose values are to be changed. */
  readonly isExploit: boolean;
}

function pbtSearcher(
  { parameters, direction }: SearchProblem,
  settings: PbtSettings,
  random: RandomStream,
): Searcher {
  const sign = direction === 'minimize' ? 1 : -1;
  const suggestLabelled: NonNullable<Searcher['suggestLabelled']> = (history, firstIndex, count) => {
    const population = readPopulation(history, sign);
    const suggestions: Suggested[] = [];
    while (suggestions.length < count) {
      const stream = random.fork(firstIndex + suggestions.length);
      const next = nextTrial(population, settings, stream.fork('donor'));
      if (!next) break;
      const point = pointOf(parameters, next, history, settings, stream.fork('point'));
      suggestions.push({ point, labels: labelsOf(next) });
      addMemberTrial(population, { ...next, row: -1, name: '', isRunning: true, loss: Infinity });
    }
    return { suggestions, exhausted: false };
  };
  return {
    suggestLabelled,
    suggest: (...request) => suggestLabelled(...request).suggestions.map(({ point }) => point),
  };
}

/** First members that have not begun, then those that are furthest behind. null where all run or wait for results. */
function nextTrial(population: Population, settings: PbtSettings, random: RandomStream): NextTrial | null {
  for (let member = 0; member < settings.population; member++)
    if (!population.newest.has(member)) return { member, generation: 0, parent: null, isExploit: false };
  const ready = [...population.newest.values()]
    .filter(({ isRunning }) => !isRunning)
    .sort((a, b) => a.generation - b.generation || a.row - b.row);
  for (const trial of ready) {
    const results = (population.generations.get(trial.generation) ?? []).filter((one) => !one.isRunning);
    if (results.length >= settings.population / 2) return successor(trial, results, settings, random);
  }
  return null;
}

/** Truncation selection. A trial without a result is always replaced, and is nobody's donor. */
function successor(
  trial: MemberTrial,
  results: readonly MemberTrial[],
  { truncation }: PbtSettings,
  random: RandomStream,
): NextTrial {
  const { member } = trial;
  const generation = trial.generation + 1;
  const ranked = results.toSorted((a, b) => (a.loss === b.loss ? a.row - b.row : a.loss - b.loss));
  const cut = Math.min(Math.floor(truncation * ranked.length), Math.floor(ranked.length / 2));
  const isReplaced = trial.loss === Infinity || ranked.indexOf(trial) >= ranked.length - cut;
  if (!isReplaced) return { member, generation, parent: trial, isExploit: false };
  const donors = ranked.slice(0, Math.max(1, cut)).filter(({ loss }) => loss < Infinity);
  const donor = donors.length > 0 ? donors[random.integer(donors.length)] : undefined;
  return { member, generation, parent: donor ?? null, isExploit: donor !== undefined };
}

function pointOf(
  parameters: readonly Parameter[],
  { parent, isExploit }: NextTrial,
  history: TrialHistory,
  { resampling }: PbtSettings,
  random: RandomStream,
): Point {
  if (!parent) return randomPoint(parameters, random);
  const values = history.point(parent.row).slice();
  return isExploit ? explore(parameters, values, resampling, random) : values;
}

function labelsOf({ member, generation, parent }: NextTrial): Record<string, string> {
  return {
    [PBT_MEMBER_LABEL]: String(member),
    [PBT_GENERATION_LABEL]: String(generation),
    ...(parent && { [PBT_PARENT_LABEL]: parent.name }),
  };
}
