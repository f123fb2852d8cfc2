import { parentPort } from 'node:worker_threads';
import { suggestionsOf } from '../algorithms/search-algorithm.ts';
import type { HistoryState, TrialHistory } from '../algorithms/trial-history.ts';
import { errorMessage } from '../core/errors.ts';
import { type Search, startSearch } from './search.ts';
import type {
  FromWorker,
  HistoryDelta,
  SuggestedPoints,
  SuggestMessage,
  ToWorker,
} from './worker-protocol.ts';

/*
 * A worker thread of the suggestion service. It keeps the searches that it is told of and answers in the order of the
 * requests; the service decides what is kept.
 */

const searches = new Map<string, Search>();

parentPort?.on('message', (message: ToWorker) => {
  if (message.kind === 'forget') searches.delete(message.searchId);
  else reply(answer(message));
});

function reply(message: FromWorker): void {
  const transfer = message.kind === 'points' ? [message.points.buffer] : [];
  parentPort?.postMessage(message, transfer);
}

function answer(message: SuggestMessage): FromWorker {
  const { requestId, searchId } = message;
  try {
    if (message.start) searches.set(searchId, startSearch(message.start));
    const search = searches.get(searchId);
    if (!search) return { requestId, kind: 'unknown' };
    return { requestId, kind: 'points', ...suggest(search, message) };
  } catch (error) {
    // Whatever the search was in the middle of, it cannot be trusted any more.
    searches.delete(searchId);
    return { requestId, kind: 'failed', message: errorMessage(error) };
  }
}

function suggest(
  { history, searcher }: Search,
  { delta, firstIndex, count }: SuggestMessage,
): SuggestedPoints {
  apply(delta, history);
  const choice = searcher.choice?.(history, firstIndex);
  const { suggestions, exhausted } = suggestionsOf(searcher, history, firstIndex, count);
  const points = new Float64Array(suggestions.length * history.dimensions);
  suggestions.forEach(({ point }, row) => points.set(point, row * history.dimensions));
  const areLabelled = suggestions.some(({ labels }) => labels !== undefined);
  const labels = areLabelled ? suggestions.map(({ labels: own = {} }) => own) : [];
  return { count: suggestions.length, points, labels, exhausted, ...(choice && { choice }) };
}

function apply(delta: HistoryDelta, history: TrialHistory): void {
  const { dimensions } = history;
  for (let row = 0; row < delta.added; row++) {
    history.add(delta.points.subarray(row * dimensions, (row + 1) * dimensions), delta.tags[row]);
  }
  delta.rows.forEach((row, entry) => {
    history.set(row, (delta.states[entry] ?? 0) as HistoryState, delta.values[entry] ?? Number.NaN);
  });
}
