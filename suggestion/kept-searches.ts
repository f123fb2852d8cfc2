import { searchAlgorithm } from '../algorithms/registry.ts';
import type { Logger } from '../core/logger.ts';
import type { SearchSpec } from './search.ts';
import type { SuggestRequest } from './suggestion-service.ts';
import { ToldTrials } from './told-trials.ts';
import type { WorkerClient } from './worker-client.ts';
import type { SuggestMessage } from './worker-protocol.ts';

/** Searches that are kept in the workers at once; the one that was asked longest ago goes first. */
const MOST_KEPT = 64;

/** A search that a worker keeps, and what the worker knows of it. */
export class KeptSearch {
  readonly client: WorkerClient;
  readonly #spec: SearchSpec;
  readonly #identity: string;
  readonly #told: ToldTrials;
  readonly #logger: Logger;
  readonly #nextRequestId: () => number;
  #isStarted = false;

  constructor(request: SuggestRequest, client: WorkerClient, logger: Logger, nextRequestId: () => number) {
    this.client = client;
    this.#spec = { problem: request.problem, algorithm: request.algorithm, seed: request.seed };
    this.#identity = identityOf(request);
    const tagged = searchAlgorithm(request.algorithm.algorithmName)?.labelsTrials === true;
    this.#told = new ToldTrials(request.problem.parameters, { tagged });
    this.#logger = logger;
    this.#nextRequestId = nextRequestId;
  }

  /** It is the search that the request is about. */
  serves(request: SuggestRequest): boolean {
    return this.#identity === identityOf(request);
  }

  /** The message that brings the worker up to date and asks for points. It must be sent: its content counts as told. */
  message({ searchId, trials, firstIndex, count }: SuggestRequest): SuggestMessage {
    const { startOver, unusable, ...delta } = this.#told.delta(trials);
    for (const { name, problem } of unusable) {
      this.#logger.warn('trial is not a point of its search space', {
        search: searchId,
        trial: name,
        problem,
      });
    }
    const start = startOver || !this.#isStarted ? this.#spec : null;
    this.#isStarted = true;
    const requestId = this.#nextRequestId();
    return { kind: 'suggest', requestId, searchId, start, delta, firstIndex, count };
  }
}

/** Everything but the trials: an experiment may be edited while it runs. */
function identityOf({ problem, algorithm, seed }: SuggestRequest): string {
  return JSON.stringify([problem, algorithm, seed]);
}

/** The searches that workers keep, a bounded number, the one asked last at the end. */
export class KeptSearches {
  readonly #clients: readonly WorkerClient[];
  readonly #logger: Logger;
  readonly #kept = new Map<string, KeptSearch>();
  #started = 0;
  #requests = 0;

  constructor(clients: readonly WorkerClient[], logger: Logger) {
    this.#clients = clients;
    this.#logger = logger;
  }

  /** The search of a request, kept or new. */
  of(request: SuggestRequest): KeptSearch {
    const { searchId } = request;
    const known = this.#kept.get(searchId);
    const search = known?.serves(request) ? known : this.#start(request, known?.client);
    this.#kept.delete(searchId);
    this.#kept.set(searchId, search);
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > MOST_KEPT && oldest !== undefined) this.forget(oldest);
    return search;
  }

  forget(searchId: string): void {
    const { client } = this.#kept.get(searchId) ?? {};
    this.#kept.delete(searchId);
    client?.forget({ kind: 'forget', searchId });
  }

  /** Drops what the worker no longer has, unless the search was started anew meanwhile. */
  drop(searchId: string, search: KeptSearch): void {
    if (this.#kept.get(searchId) === search) this.#kept.delete(searchId);
  }

  #start(request: SuggestRequest, client: WorkerClient | undefined): KeptSearch {
    const chosen = client ?? this.#clients[this.#started++ % this.#clients.length];
    if (!chosen) throw new RangeError('a suggestion service needs at least one worker');
    return new KeptSearch(request, chosen, this.#logger, () => ++this.#requests);
  }
}
