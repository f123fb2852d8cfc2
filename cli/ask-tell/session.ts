import { parsePoint } from '../../algorithms/point-text.ts';
import { suggestionsOf } from '../../algorithms/search-algorithm.ts';
import { HISTORY_STATE, type TrialLabels } from '../../algorithms/trial-history.ts';
import type { Parameter, Point } from '../../core/search-space.ts';
import { type SearchSpec, startSearch } from '../../suggestion/search.ts';
import type { AskTellMessage } from './message.ts';
import type { Outcome } from './outcome.ts';
import { invalid, shown } from './refusal.ts';

/** A suggestion on the wire: numbers are numbers, categories are text. */
export interface Suggestion {
  name: string;
  parameters: Record<string, number | string>;
  /** What the search notes with the trial; from which trial it goes on, for example. Absent where there is nothing. */
  labels?: TrialLabels;
}

export type AskTellReply = { suggestions: Suggestion[]; exhausted?: true } | { ok: true };

interface SuggestedTrial {
  row: number;
  isTold: boolean;
}

/**
 * A search that is asked and told, one message after the other. `maxTrials` bounds the suggestions in all; null means
 * no bound. The result throws KatydidError for a message that cannot be carried out, and nothing has changed then.
 */
export function askTellSession(
  spec: SearchSpec,
  maxTrials: number | null,
): (message: AskTellMessage) => AskTellReply {
  const { parameters } = spec.problem;
  const { history, searcher } = startSearch(spec);
  const trials = new Map<string, SuggestedTrial>();

  function ask(count: number): AskTellReply {
    const wanted = Math.min(count, (maxTrials ?? Infinity) - trials.size);
    const found = suggestionsOf(searcher, history, trials.size, wanted);
    const suggestions = found.suggestions.map(({ point, labels }): Suggestion => {
      const name = `t-${trials.size + 1}`;
      trials.set(name, { row: history.add(point, labels && { name, labels }), isTold: false });
      return { name, parameters: wireValues(parameters, point), ...(labels && { labels }) };
    });
    const exhausted = found.exhausted || wanted < count;
    return exhausted ? { suggestions, exhausted } : { suggestions };
  }

  function tell(row: number, { state, value }: Outcome): AskTellReply {
    history.set(row, HISTORY_STATE[state], value);
    return { ok: true };
  }

  function tellSuggested(name: string, outcome: Outcome): AskTellReply {
    const trial = trials.get(name);
    if (!trial) {
      const last =
        trials.size === 0 ? 'Nothing was suggested yet.' : `Suggestions are t-1 to t-${trials.size}.`;
      throw invalid('ASK_TELL_UNKNOWN_NAME', `There is no suggestion ${shown(name)}.`, last);
    }
    if (trial.isTold) {
      const remedy = 'Tell each outcome once.';
      throw invalid('ASK_TELL_ALREADY_TOLD', `The outcome of ${name} was told before.`, remedy);
    }
    trial.isTold = true;
    return tell(trial.row, outcome);
  }

  return (message) => {
    if (message.op === 'ask') return ask(message.count);
    if ('name' in message) return tellSuggested(message.name, message.outcome);
    return tell(history.add(parsePoint(parameters, message.parameters)), message.outcome);
  };
}

function wireValues(parameters: readonly Parameter[], point: Point): Record<string, number | string> {
  return Object.fromEntries(
    parameters.map((parameter, axis) => {
      const value = point[axis] ?? Number.NaN;
      return [parameter.name, parameter.kind === 'categorical' ? (parameter.choices[value] ?? '') : value];
    }),
  );
}
