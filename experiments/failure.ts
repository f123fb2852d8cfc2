import { OUTPUT_MARK, REMEDY_MARK } from '../controller/trial/explanation.ts';
import type { TrialSummary } from './summary.ts';

/** Why a trial brought no result, read from its condition's message. */
export interface Failure {
  /** Null where the message has no code. */
  code: string | null;
  cause: string;
  /** What to do; empty where the message does not say. */
  remedy: string;
  /** The end of the output that shows it; empty where there is none. */
  lastLogLines: string[];
}

const CODE = /\[([A-Z]+(?:_[A-Z]+)+)\] /;

/** The parts of `… [CODE] cause What to do: remedy Last output:` and lines, as the trial controller writes it. */
export function readFailure(message: string): Failure {
  const found = CODE.exec(message);
  const explained = found ? message.slice(found.index + found[0].length) : message;
  const [said, output] = splitOnce(explained, OUTPUT_MARK);
  const [cause, remedy] = splitOnce(said, REMEDY_MARK);
  return {
    code: found?.[1] ?? null,
    cause: cause.trim(),
    remedy: remedy.trim(),
    lastLogLines: output === '' ? [] : output.trimEnd().split('\n'),
  };
}

/** What stands before the first mark, and after it; all and nothing where there is none. */
function splitOnce(text: string, mark: string): [before: string, after: string] {
  const at = text.indexOf(mark);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + mark.length)];
}

/** Trials that brought no result for the same reason. */
export interface FailureGroup {
  code: string | null;
  /** At least one, in the order given. */
  trials: string[];
  /** Of the first of them. */
  failure: Failure;
}

/** The failures among the trials by code, the most frequent first. */
export function groupFailures(trials: readonly TrialSummary[]): FailureGroup[] {
  const groups = new Map<string | null, FailureGroup>();
  for (const { name, message } of trials.filter(hasNoResult)) {
    const failure = readFailure(message);
    const group = groups.get(failure.code);
    if (group) group.trials.push(name);
    else groups.set(failure.code, { code: failure.code, trials: [name], failure });
  }
  return [...groups.values()].sort((left, right) => right.trials.length - left.trials.length);
}

/** A trial that succeeded with an objective of NaN has none, either. */
export function hasNoResult({ state, value }: Pick<TrialSummary, 'state' | 'value'>): boolean {
  return state === 'Failed' || state === 'MetricsUnavailable' || (state === 'Succeeded' && value === null);
}

/** A failure in lines for people: what happened, what to do, and the output that shows it. */
export function failureLines({ cause, remedy, lastLogLines }: Failure): string[] {
  return [
    cause,
    ...(remedy === '' ? [] : [remedy]),
    ...(lastLogLines.length === 0 ? [] : ['Last output:', ...lastLogLines.map((line) => `  | ${line}`)]),
  ];
}
