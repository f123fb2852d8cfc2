import type { SearchAlgorithm, Settings } from '../../algorithms/search-algorithm.ts';
import { suggestionsOf } from '../../algorithms/search-algorithm.ts';
import { HISTORY_STATE, TrialHistory } from '../../algorithms/trial-history.ts';
import { PARENT_LABEL } from '../../core/labels.ts';
import { randomStream } from '../../core/random.ts';
import type { Parameter, Point, SearchProblem } from '../../core/search-space.ts';
import { EPOCHS, networkError, NETWORKS, withNoise, type Training } from '../early-stopping/training.ts';

const range = (name: string, min: number, max: number): Parameter => ({
  kind: 'double',
  name,
  min,
  max,
  step: null,
  decimals: 0,
  distribution: 'uniform',
});

/** What the network's training takes, and the epochs. */
const PARAMETERS: readonly Parameter[] = [
  range('rate', -5, 0),
  range('decay', -6, -1),
  range('width', 4, 10),
  range('dropout', 0, 0.7),
  { kind: 'int', name: 'epochs', min: 1, max: EPOCHS, step: 1, distribution: 'uniform' },
];
const EPOCHS_PLACE = 4;

export interface Simulated {
  /** Of the trial that would be recommended after each epoch of all together: its error without noise above the optimum. */
  regrets: Float64Array;
  configurations: number;
  /** Trials with all the epochs. */
  whole: number;
  /** When the last epoch ends, where each takes a unit of time. */
  time: number;
}

interface Running {
  row: number;
  point: Point;
  ends: number;
}

/** Trials that go on from another train only what it had not: its checkpoint is there. With `resume` false they begin anew. */
export interface SimulationOptions {
  workers: number;
  epochs: number;
  seed: number;
  resume?: boolean;
}

/**
 * A search with so many trials at a time until so many epochs have been trained. Recommended is the trial with the least
 * value of those that had all epochs; of all, while there are none.
 */
export function simulate(
  algorithm: SearchAlgorithm,
  settings: Settings,
  options: SimulationOptions,
): Simulated {
  const { workers, epochs, seed, resume = true } = options;
  const problem: SearchProblem = {
    parameters: PARAMETERS,
    direction: 'minimize',
    maxTrials: null,
    parallelTrials: workers,
  };
  const searcher = algorithm.create(problem, settings, randomStream(`networks/${seed}`));
  const history = new TrialHistory(PARAMETERS.length);
  const trainings = new Map<string, Training>();
  const trainedBy = new Map<string, number>();
  const regrets = new Float64Array(epochs);
  const running: Running[] = [];
  const best = { whole: Infinity, any: Infinity };
  let [used, clock, whole, regret] = [0, 0, 0, Number.NaN];

  const begin = (): boolean => {
    const [suggested] = suggestionsOf(searcher, history, history.size, 1).suggestions;
    if (!suggested) return false;
    const { point, labels = {} } = suggested;
    const name = `t-${history.size}`;
    const parent = labels[PARENT_LABEL];
    const wanted = point[EPOCHS_PLACE] ?? 0;
    const cost = wanted - (resume && parent !== undefined ? (trainedBy.get(parent) ?? 0) : 0);
    if (used + cost > epochs) return false;
    regrets.fill(regret, used, used + cost);
    used += cost;
    trainedBy.set(name, wanted);
    running.push({ row: history.add(point, { name, labels }), point, ends: clock + cost });
    return true;
  };
  const trainingOf = (point: Point): Training => {
    const [rate = 0, decay = 0, width = 0, dropout = 0] = point;
    const key = [rate, decay, width, dropout].join();
    const known = trainings.get(key);
    if (known) return known;
    const made = withNoise(
      randomStream(`networks/${seed}/${key}`),
      networkError({ rate, decay, width, dropout }),
    );
    trainings.set(key, made);
    return made;
  };
  const end = ({ row, point, ends }: Running): void => {
    clock = ends;
    const training = trainingOf(point);
    const trained = point[EPOCHS_PLACE] ?? 0;
    const value = training.measured[trained - 1] ?? Number.NaN;
    history.set(row, HISTORY_STATE.succeeded, value);
    const isWhole = trained === EPOCHS;
    if (isWhole) whole++;
    if (isWhole ? value < best.whole : best.whole === Infinity && value < best.any) {
      best[isWhole ? 'whole' : 'any'] = value;
      regret = training.error(EPOCHS) - NETWORKS.optimum;
    }
  };

  let isOpen = true;
  while (isOpen || running.length > 0) {
    while (isOpen && running.length < workers) {
      if (!begin()) {
        if (running.length === 0) isOpen = false;
        break;
      }
    }
    if (running.length === 0) break;
    running.sort((a, b) => a.ends - b.ends || a.row - b.row);
    const first = running.shift();
    if (first) end(first);
  }
  regrets.fill(regret, used);
  return { regrets, configurations: trainings.size, whole, time: clock };
}
