import { KatydidError } from '../../core/errors.ts';
import type { AlgorithmSpec, Objective } from '../../core/experiment.ts';
import type { SearchProblem } from '../../core/search-space.ts';
import { validateAlgorithm } from '../../suggestion/algorithm-catalog.ts';
import { linesOf } from './lines.ts';
import { parseMessage } from './message.ts';
import { type AskTellReply, askTellSession } from './session.ts';

export interface AskTellOptions {
  problem: SearchProblem;
  algorithm: AlgorithmSpec;
  /** Which of `values` counts, and which value of a `curve` stands for it. */
  objective: Objective;
  /** Used where the algorithm's settings give no `random_state`. */
  seed: string;
  /** Suggestions in all; null means no bound. */
  maxTrials: number | null;
  /** Newline-delimited JSON, for example `process.stdin`. */
  input: AsyncIterable<string | Uint8Array>;
  /** Gets one line of JSON, without its end, per line of input that is not blank. */
  output: (line: string) => void;
}

/** What is sent for a message that could not be carried out. */
interface ErrorReply {
  error: { code: string; message: string };
}

/**
 * The search alone, for any program: answers each line of `input` until it ends. A bad line gets an error and changes
 * nothing. SpecError before anything is read when algorithm, settings and problem do not go together.
 *
 * Deterministic: equal problem, algorithm, seed and lines give equal answers.
 */
export async function runAskTell(options: AskTellOptions): Promise<void> {
  const { problem, algorithm, objective, seed, maxTrials, input, output } = options;
  validateAlgorithm(problem, algorithm);
  const answer = askTellSession({ problem: { ...problem, maxTrials }, algorithm, seed }, maxTrials);
  for await (const line of linesOf(input)) {
    if (line.trim() === '') continue;
    output(JSON.stringify(replyTo(() => answer(parseMessage(line, objective)))));
  }
}

function replyTo(answer: () => AskTellReply): AskTellReply | ErrorReply {
  try {
    return answer();
  } catch (error) {
    if (!(error instanceof KatydidError)) throw error;
    const { code, message, remedy } = error;
    return { error: { code, message: remedy === undefined ? message : `${message} ${remedy}` } };
  }
}
