import { isDeepStrictEqual } from 'node:util';
import type { Clock } from '../../core/clock.ts';
import { withDefaults } from '../../core/defaults.ts';
import { errorMessage, SpecError } from '../../core/errors.ts';
import type { Experiment, StoredExperiment } from '../../core/experiment.ts';
import { controllerOf, isBeingDeleted } from '../../core/kubernetes-object.ts';
import type { StoredSuggestion, Suggestion, SuggestionStatus } from '../../core/suggestion.ts';
import type { StoredTrial, Trial } from '../../core/trial.ts';
import { searchProblem } from '../../core/validation/search-problem.ts';
import { isApiError } from '../../kube/api-error.ts';
import type { KubeClient } from '../../kube/client.ts';
import type { Reconcile } from '../../kube/controller.ts';
import type { EventRecorder } from '../../kube/event-recorder.ts';
import type { ObjectCache } from '../../kube/object-cache.ts';
import { SUGGESTIONS } from '../../kube/resource.ts';
import type { SuggestionService } from '../../suggestion/suggestion-service.ts';
import { ownedTrials } from '../owned-trials.ts';
import { writeStatus } from '../status-writer.ts';
import { isRunning, withRefusal } from './conditions.ts';
import { planSuggestion, withReply, type Ask } from './plan.ts';
import { searchHistory } from './search-history.ts';

export interface SuggestionReconcilerOptions {
  client: KubeClient;
  experiments: ObjectCache<Experiment>;
  suggestions: ObjectCache<Suggestion>;
  /** With the index of controller/owned-trials.ts. */
  trials: ObjectCache<Trial>;
  service: SuggestionService;
  events: EventRecorder;
  clock: Clock;
}

/** Everything that one pass works with. */
interface Pass {
  suggestion: StoredSuggestion;
  /** With defaults filled in. */
  experiment: StoredExperiment;
  trials: readonly StoredTrial[];
}

/**
 * Gives out as many assignments as a Suggestion requests. The answer of the search and the count that it raises are
 * one write with a version check, so that no answer is given out twice and none gets lost between two.
 */
export function createSuggestionReconciler(options: SuggestionReconcilerOptions): Reconcile {
  const searchIds = new Map<string, string>();
  const forget = (key: string): void => {
    const searchId = searchIds.get(key);
    if (searchId !== undefined) options.service.forget(searchId);
    searchIds.delete(key);
  };
  return async (key, signal) => {
    const pass = beginPass(options, key);
    if (!pass) {
      forget(key);
      return undefined;
    }
    searchIds.set(key, pass.experiment.metadata.uid);
    const over = await reconcile(options, pass, signal);
    if (over) forget(key);
    return undefined;
  };
}

/** Undefined where there is nothing to do: the suggestion or the experiment that owns it is gone or going. */
function beginPass(options: SuggestionReconcilerOptions, key: string): Pass | undefined {
  const suggestion = options.suggestions.get(key);
  const stored = options.experiments.get(key);
  if (!suggestion || !stored || isBeingDeleted(suggestion) || isBeingDeleted(stored)) return undefined;
  if (controllerOf(suggestion)?.uid !== stored.metadata.uid) return undefined;
  const experiment = { ...withDefaults(stored), metadata: stored.metadata };
  return { suggestion, experiment, trials: ownedTrials(options.trials, stored) };
}

/** Whether the search is over. */
async function reconcile(
  options: SuggestionReconcilerOptions,
  pass: Pass,
  signal: AbortSignal,
): Promise<boolean> {
  const { suggestion } = pass;
  const refusal = isRunning(suggestion.status?.conditions) ? null : findRefusal(options.service, pass);
  const plan = planSuggestion({ ...pass, refusal, nowMs: options.clock.now() });
  const conditionsChanged = !isDeepStrictEqual(suggestion.status?.conditions, plan.status.conditions);
  const written =
    plan.ask === null || conditionsChanged
      ? await writeStatus(options.client, SUGGESTIONS, suggestion, plan.status)
      : suggestion;
  if (plan.ask !== null && !signal.aborted)
    await answer(options, { ...pass, suggestion: written }, plan.status, plan.ask, signal);
  return plan.over;
}

function findRefusal(service: SuggestionService, { suggestion, experiment }: Pass): string | null {
  try {
    service.validate(searchProblem(experiment.spec), suggestion.spec.algorithm);
    return null;
  } catch (error) {
    if (error instanceof SpecError) return error.message;
    throw error;
  }
}

async function answer(
  options: SuggestionReconcilerOptions,
  pass: Pass,
  status: SuggestionStatus,
  ask: Ask,
  signal: AbortSignal,
): Promise<void> {
  try {
    const { suggestion, experiment, trials } = pass;
    const reply = await options.service.suggest({
      searchId: experiment.metadata.uid,
      problem: searchProblem(experiment.spec),
      algorithm: suggestion.spec.algorithm,
      seed: String(experiment.spec.seed ?? experiment.metadata.uid),
      trials: searchHistory(trials, status.suggestions ?? []),
      ...ask,
    });
    if (signal.aborted) return;
    const answered = withReply(status, suggestion.metadata.name, ask, reply);
    await writeAnswer(options.client, suggestion, answered);
  } catch (error) {
    if (!isApiError(error) && !signal.aborted) reportFailure(options.events, pass, error);
    if (!(error instanceof SpecError)) throw error;
    await refuse(options, pass.suggestion, status, error);
  }
}

/** Ends the search for good: what the algorithm refuses now it would refuse at every later attempt. */
async function refuse(
  { client, clock }: SuggestionReconcilerOptions,
  suggestion: StoredSuggestion,
  status: SuggestionStatus,
  refusal: SpecError,
): Promise<void> {
  const conditions = withRefusal(status.conditions, refusal.message, clock.now());
  await writeStatus(client, SUGGESTIONS, suggestion, { ...status, conditions });
}

/**
 * A search may take seconds, and the request for more may be raised meanwhile. That must not throw the answer away: it
 * counts as long as no other answer was written since it was asked for.
 */
async function writeAnswer(
  client: KubeClient,
  asked: StoredSuggestion,
  status: SuggestionStatus,
): Promise<void> {
  try {
    await client.updateStatus(SUGGESTIONS, { ...asked, status });
  } catch (error) {
    if (!isApiError(error, 'Conflict')) throw error;
    const { namespace, name, uid } = asked.metadata;
    const current = await client.get(SUGGESTIONS, { namespace, name });
    const isSame = current.metadata.uid === uid && isDeepStrictEqual(current.status, asked.status);
    if (!isSame) throw error;
    await client.updateStatus(SUGGESTIONS, { ...current, status });
  }
}

function reportFailure(events: EventRecorder, { suggestion, experiment }: Pass, error: unknown): void {
  const message = `The search algorithm gave no suggestions: ${errorMessage(error)}`;
  events.record(suggestion, 'Warning', 'ReconcileError', message);
  events.record(experiment, 'Warning', 'SuggestionFailed', message);
}
