import { execFileSync } from 'node:child_process';
import type { Searcher, Suggested } from '../../algorithms/search-algorithm.ts';
import { HISTORY_STATE, TrialHistory } from '../../algorithms/trial-history.ts';
import type { Point } from '../../core/search-space.ts';

/** The value of a trial; NaN where it fails. */
export type Outcome = (point: Point, trial: number) => number;

/** A search by a labelling searcher, with so many workers, and all that was suggested. Trials are named t-0, t-1, … */
export class LoggedSearch {
  history: TrialHistory;
  readonly suggested: Suggested[] = [];
  /** The least number of trials that ran at once, before the search had ended. */
  leastRunning = Infinity;
  isExhausted = false;
  readonly #searcher: Searcher;
  readonly #workers: number;
  /** Indexes of the running trials, the oldest first. */
  readonly #running: number[] = [];

  constructor(searcher: Searcher, dimensions: number, workers: number) {
    this.#searcher = searcher;
    this.#workers = workers;
    this.history = new TrialHistory(dimensions);
  }

  /** Goes on from a history that another search has made. */
  takeOver(history: TrialHistory): void {
    this.history = history;
  }

  /** The suggestions of one request; they run from now on. */
  ask(count: number): readonly Suggested[] {
    const reply = this.#searcher.suggestLabelled?.(this.history, this.history.size, count);
    const { suggestions = [], exhausted = true } = reply ?? {};
    this.isExhausted = exhausted;
    for (const suggested of suggestions) {
      const row = this.history.size;
      this.history.add(suggested.point, { name: `t-${row}`, labels: suggested.labels ?? {} });
      this.suggested.push(suggested);
      this.#running.push(row);
    }
    return suggestions;
  }

  /**
   * Until so many trials were suggested, or the search says that it is over. Each free worker asks for a trial; which of the
   * running trials ends next changes from one to the next. Trials that are `stuck` never end.
   */
  run(trials: number, outcome: Outcome, { stuck = [] }: { stuck?: readonly number[] } = {}): this {
    while (this.suggested.length < trials) {
      const wanted = Math.min(this.#workers - this.#running.length, trials - this.suggested.length);
      if (!this.isExhausted && wanted > 0) this.ask(wanted);
      if (this.isExhausted && this.#running.length === 0) break;
      if (!this.isExhausted && this.suggested.length < trials)
        this.leastRunning = Math.min(this.leastRunning, this.#running.length);
      const candidates = this.#running.filter((row) => !stuck.includes(row));
      const row = candidates[(this.suggested.length * 7) % candidates.length];
      if (row === undefined) throw new Error('nothing runs, and the search is not over');
      this.#end(row, outcome);
    }
    return this;
  }

  /** The oldest running trials end. */
  endOldest(count: number, outcome: Outcome): void {
    for (const row of this.#running.slice(0, count)) this.#end(row, outcome);
  }

  byName(name: string): Suggested {
    const found = this.suggested[Number(name.slice(2))];
    if (!found) throw new Error(`nothing was suggested as ${name}`);
    return found;
  }

  #end(row: number, outcome: Outcome): void {
    this.#running.splice(this.#running.indexOf(row), 1);
    const value = outcome(this.history.point(row), row);
    this.history.set(row, Number.isNaN(value) ? HISTORY_STATE.failed : HISTORY_STATE.succeeded, value);
  }
}

export function copyOf(history: TrialHistory): TrialHistory {
  const copy = new TrialHistory(history.dimensions);
  for (let row = 0; row < history.size; row++) {
    copy.set(copy.add(history.point(row), history.tag(row)), history.state(row), history.value(row));
  }
  return copy;
}

const REGISTRY = new URL('../../algorithms/registry.ts', import.meta.url).href;
const HISTORY = new URL('../../algorithms/trial-history.ts', import.meta.url).href;
const RANDOM = new URL('../../core/random.ts', import.meta.url).href;

/** Six suggestions of the algorithm from a history, made by another process. The seed is `seed`. */
export function suggestionsElsewhere(
  search: { name: string; rows: object[] } & Record<string, unknown>,
): unknown {
  const script = `
    const { searchAlgorithm } = await import(${JSON.stringify(REGISTRY)});
    const { TrialHistory } = await import(${JSON.stringify(HISTORY)});
    const { randomStream } = await import(${JSON.stringify(RANDOM)});
    const { name, problem, settings, rows } = JSON.parse(process.argv[1]);
    const history = new TrialHistory(problem.parameters.length);
    for (const { point, tag, state, value } of rows)
      history.set(history.add(Float64Array.from(point), tag), state, value ?? NaN);
    const searcher = searchAlgorithm(name).create(problem, settings, randomStream('seed'));
    const { suggestions } = searcher.suggestLabelled(history, history.size, 6);
    console.log(JSON.stringify(suggestions.map(({ point, labels }) => ({ point: [...point], labels }))));`;
  const args = ['--input-type=module', '-e', script, JSON.stringify(search)];
  return JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' }));
}
