import { setImmediate } from 'node:timers/promises';
import type { ImportanceReport } from '../../algorithms/importance/importance.ts';
import type { StoredExperiment } from '../../core/experiment.ts';
import type { SearchProblem } from '../../core/search-space.ts';
import type { StoredTrial } from '../../core/trial.ts';
import { searchProblem } from '../../core/validation/search-problem.ts';
import type { SearchTrial } from '../../suggestion/suggestion-service.ts';
import { emptyColumns, endedOf, fillColumns, type EndedTrials } from './ended-trials.ts';
import type { ImportanceRequest } from './importance-request.ts';
import { carryOut } from './importance-task.ts';
import { carryOutInWorker } from './in-worker.ts';

/** Trials that are read at once; then others have their turn. */
const READ_AT_ONCE = 100;
/** A quick evaluator that is to look at more numbers than this goes to a thread of its own, as the others do. */
const MOST_NUMBERS_HERE = 50_000;
/** Answers that are kept; the one that was asked for longest ago goes first. */
const MOST_KEPT = 32;

/** Tells how much parameters matter, without holding this thread up. */
export interface Importances {
  /** The trials are those of the experiment, in any order; the objects are never changed afterwards. */
  of(
    experiment: StoredExperiment,
    trials: readonly StoredTrial[],
    request: ImportanceRequest,
  ): Promise<ImportanceReport>;
}

/** An answer and the trials from which it follows. */
interface Kept {
  readonly trials: readonly SearchTrial[];
  readonly report: Promise<ImportanceReport>;
}

/** An answer is kept until another trial has ended. Threads work one after the other. */
export function createImportances(): Importances {
  const kept = new Map<string, Kept>();
  let before: Promise<unknown> = Promise.resolve();

  function inTurn(work: () => Promise<ImportanceReport>): Promise<ImportanceReport> {
    const turn = before.then(work);
    before = turn.catch(() => undefined);
    return turn;
  }

  async function compute(
    problem: SearchProblem,
    ended: readonly SearchTrial[],
    { evaluator, settings }: ImportanceRequest,
  ): Promise<ImportanceReport> {
    const trials = await columnsOf(problem, ended);
    const task = { evaluator: evaluator.name, problem, settings, trials };
    const isHere = evaluator.isQuick && trials.points.length <= MOST_NUMBERS_HERE;
    return isHere ? carryOut(task) : inTurn(() => carryOutInWorker(task));
  }

  return {
    async of({ metadata, spec }, trials, request) {
      const ended = await allEnded(trials);
      const { evaluator, settings } = request;
      const key = JSON.stringify([metadata.uid, evaluator.name, settings.target, settings.region]);
      const known = kept.get(key);
      const current = known && isSame(known.trials, ended) ? known : startOver();
      kept.delete(key);
      kept.set(key, current);
      const [oldest] = kept.keys();
      if (kept.size > MOST_KEPT && oldest !== undefined) kept.delete(oldest);
      return current.report;

      function startOver(): Kept {
        const report = compute(searchProblem(spec), ended, request);
        // Whoever asks next may be luckier.
        report.catch(() => kept.delete(key));
        return { trials: ended, report };
      }
    },
  };
}

async function allEnded(trials: readonly StoredTrial[]): Promise<SearchTrial[]> {
  const ended: SearchTrial[] = [];
  for (let start = 0; start < trials.length; start += READ_AT_ONCE) {
    if (start > 0) await setImmediate();
    ended.push(...endedOf(trials.slice(start, start + READ_AT_ONCE)));
  }
  return ended;
}

async function columnsOf({ parameters }: SearchProblem, ended: readonly SearchTrial[]): Promise<EndedTrials> {
  const columns = emptyColumns(parameters.length, ended.length);
  for (let start = 0; start < ended.length; start += READ_AT_ONCE) {
    if (start > 0) await setImmediate();
    fillColumns(columns, parameters, ended.slice(start, start + READ_AT_ONCE), start);
  }
  return columns;
}

function isSame(left: readonly SearchTrial[], right: readonly SearchTrial[]): boolean {
  return left.length === right.length && left.every((trial, at) => trial === right[at]);
}
