import type { Parameter, Point, SearchProblem } from '../../core/search-space.ts';
import { distinctPointSearcher, type Propose } from '../distinct-points.ts';
import type { Searcher, Suggested } from '../search-algorithm.ts';
import { TrialHistory } from '../trial-history.ts';
import { withoutResource, withResource, type Resource } from './resource.ts';
import { addTrial, readRungTrials, rungLabels, type RungTrial, type RungTrials } from './rung-trials.ts';

/** What a trial is to be. */
export interface NextTrial {
  /** null for algorithms without brackets. */
  readonly bracket: number | null;
  readonly rung: number;
  /** The trial that it goes on from; null where it begins with a configuration of its own. */
  readonly parent: RungTrial | null;
}

/**
 * What the trial number `index` is to be, by what has been suggested so far. `mayBegin` is false where every configuration of a
 * finite space has been tried. null where nothing can be done before running trials have ended, or ever.
 */
export type Schedule = (known: RungTrials, mayBegin: boolean, index: number) => NextTrial | null;

/** Where new configurations come from. */
export interface Sampler {
  /**
   * Before the points of a request: all that is known. `configurations` has the rows of the history without the resource; of
   * them points alone count. Absent: nothing is learnt.
   */
  observe?(known: RungTrials, configurations: TrialHistory): void;
  propose: Propose;
}

/** The space that is searched, and its direction. */
export interface ConfigurationProblem {
  readonly parameters: readonly Parameter[];
  readonly direction: SearchProblem['direction'];
}

export function configurationProblem(
  { parameters, direction }: SearchProblem,
  { place }: Resource,
): ConfigurationProblem {
  return { parameters: withoutResource(parameters, place), direction };
}

/**
 * A search whose trials stand at rungs: each has the resource of its rung, and goes on from a trial of the rung below or begins
 * with a new configuration. All that it knows stands in the history and its labels.
 */
export function rungSearcher(
  problem: SearchProblem,
  resource: Resource,
  schedule: Schedule,
  sampler: Sampler,
): Searcher {
  const sign = problem.direction === 'minimize' ? 1 : -1;
  const { parameters } = configurationProblem(problem, resource);
  const fresh = distinctPointSearcher(parameters, sampler.propose);
  const suggestLabelled: NonNullable<Searcher['suggestLabelled']> = (history, firstIndex, count) => {
    const known = readRungTrials(history, sign);
    const configurations = configurationsOf(history, resource.place);
    if (count > 0) sampler.observe?.(known, configurations);
    const begin = (index: number): Point | undefined => fresh.suggest(configurations, index, 1)[0];
    const suggestions: Suggested[] = [];
    while (suggestions.length < count) {
      const index = firstIndex + suggestions.length;
      const next = nextTrial(schedule, known, index, () => begin(index));
      if (!next) break;
      const configuration = next.begun ?? configurations.point(next.parent?.row ?? 0).slice();
      const point = withResource(configuration, resource.place, resource.values[next.rung] ?? Number.NaN);
      suggestions.push({ point, labels: rungLabels(next) });
      configurations.add(configuration);
      addTrial(known, runningTrial(next, configurations.size - 1));
    }
    const isShort = suggestions.length < count;
    return { suggestions, exhausted: isShort && !known.trials.some(({ isRunning }) => isRunning) };
  };
  return {
    suggestLabelled,
    suggest: (...request) => suggestLabelled(...request).suggestions.map(({ point }) => point),
  };
}

/** With the configuration where it is a new one. A space that is used up leaves what can be done with the configurations there are. */
function nextTrial(
  schedule: Schedule,
  known: RungTrials,
  index: number,
  begin: () => Point | undefined,
): (NextTrial & { begun: Point | null }) | null {
  const next = schedule(known, true, index);
  if (!next || next.parent) return next && { ...next, begun: null };
  const begun = begin();
  if (begun) return { ...next, begun };
  const other = schedule(known, false, index);
  return other && { ...other, begun: null };
}

function configurationsOf(history: TrialHistory, place: number): TrialHistory {
  const configurations = new TrialHistory(history.dimensions - 1);
  for (let row = 0; row < history.size; row++)
    configurations.add(Float64Array.from(withoutResource(history.point(row), place)));
  return configurations;
}

function runningTrial({ bracket, rung, parent }: NextTrial, row: number): RungTrial {
  return {
    row,
    name: '',
    bracket: bracket ?? 0,
    rung,
    parent: parent?.name ?? null,
    isRunning: true,
    loss: Infinity,
  };
}
