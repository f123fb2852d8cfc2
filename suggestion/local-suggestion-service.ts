import { formatPoint } from '../algorithms/point-text.ts';
import { KatydidError } from '../core/errors.ts';
import type { Logger } from '../core/logger.ts';
import { validateAlgorithm } from './algorithm-catalog.ts';
import { KeptSearches } from './kept-searches.ts';
import type { SuggestionService, SuggestReply, SuggestRequest } from './suggestion-service.ts';
import { WorkerClient, WorkerLostError } from './worker-client.ts';
import type { FromWorker } from './worker-protocol.ts';

/** How often a request is put to a worker before it counts as failed. */
const ATTEMPTS = 2;

/**
 * The built-in algorithms in worker threads. A search stays with one worker, which keeps its history; requests carry
 * what has changed since the last one. A lost worker is started anew; it knows none of the searches that its
 * predecessor kept, and is told everything about each when it is asked next.
 */
export function createSuggestionService(options: { logger: Logger; workers?: number }): SuggestionService {
  const { logger, workers = 1 } = options;
  const clients = Array.from({ length: workers }, () => new WorkerClient(logger));
  const searches = new KeptSearches(clients, logger);

  async function ask(request: SuggestRequest): Promise<FromWorker> {
    for (let attempt = 1; ; attempt++) {
      const kept = searches.of(request);
      try {
        const reply = await kept.client.request(kept.message(request));
        if (reply.kind !== 'points') searches.drop(request.searchId, kept);
        if (reply.kind !== 'unknown' || attempt === ATTEMPTS) return reply;
      } catch (error) {
        searches.drop(request.searchId, kept);
        if (!(error instanceof WorkerLostError)) throw error;
        if (attempt === ATTEMPTS) throw failed(request, error.message);
      }
    }
  }

  return {
    validate: validateAlgorithm,
    async suggest(request) {
      validateAlgorithm(request.problem, request.algorithm);
      return replyOf(request, await ask(request));
    },
    forget: (searchId) => searches.forget(searchId),
    async close() {
      await Promise.all(clients.map((client) => client.close()));
    },
  };
}

function replyOf(request: SuggestRequest, reply: FromWorker): SuggestReply {
  if (reply.kind === 'unknown') throw failed(request, 'the search worker lost the search');
  if (reply.kind === 'failed') throw failed(request, reply.message);
  const { parameters } = request.problem;
  const assignments = Array.from({ length: reply.count }, (_, row) =>
    formatPoint(parameters, reply.points.subarray(row * parameters.length, (row + 1) * parameters.length)),
  );
  const { labels, exhausted, choice } = reply;
  return { assignments, ...(labels.length > 0 && { labels }), exhausted, ...(choice && { choice }) };
}

function failed({ algorithm }: SuggestRequest, why: string): KatydidError {
  const message = `The algorithm ${algorithm.algorithmName} could not suggest a trial: ${why}.`;
  return new KatydidError('SUGGESTION_FAILED', message, {
    remedy:
      'The request is repeated by itself. If it keeps failing, choose another algorithm and report the defect.',
  });
}
