import { isConditionTrue, withCondition, withStatusInPlace } from '../../core/conditions.ts';
import type { Condition } from '../../core/kubernetes-object.ts';
import { SUGGESTION_CONDITION } from '../../core/suggestion.ts';

type Conditions = readonly Condition[] | undefined;

/** Katib's reasons and messages. There is no Deployment here: the search is always ready. */
export function withReady(conditions: Conditions, nowMs: number): Condition[] {
  const { created, deploymentReady, running } = SUGGESTION_CONDITION;
  const set = (list: Conditions, type: string, reason: string, message: string): Condition[] =>
    withCondition(list, { type, status: 'True', reason, message }, nowMs);
  const begun = set(conditions, created, 'SuggestionCreated', 'Suggestion is created');
  const ready = set(begun, deploymentReady, 'DeploymentReady', 'Deployment is ready');
  return set(ready, running, 'SuggestionRunning', 'Suggestion is running');
}

/** `refusal` says what is wrong with the algorithm or its settings. */
export function withRefusal(conditions: Conditions, refusal: string, nowMs: number): Condition[] {
  const { created, running, failed } = SUGGESTION_CONDITION;
  const begun = withCondition(
    withStatusInPlace(conditions, running, 'False', nowMs),
    { type: created, status: 'True', reason: 'SuggestionCreated', message: 'Suggestion is created' },
    nowMs,
  );
  const message = `Validation failed: ValidateAlgorithmSettings Error: ${refusal}`;
  return withCondition(begun, { type: failed, status: 'True', reason: 'SuggestionFailed', message }, nowMs);
}

/** The experiment has ended and its policy does not keep the search running. */
export function withSucceeded(conditions: Conditions, canRestart: boolean, nowMs: number): Condition[] {
  const { running, deploymentReady, succeeded } = SUGGESTION_CONDITION;
  const reason = 'Suggestion is succeeded';
  const off = (list: Conditions, type: string, message: string): Condition[] =>
    withCondition(list, { type, status: 'False', reason, message }, nowMs);
  const stopped = off(conditions, running, 'Suggestion is not running');
  const gone = off(stopped, deploymentReady, 'Deployment is not ready');
  const message = canRestart
    ? 'Suggestion is succeeded, suggestion volume is not deleted, can be restarted'
    : "Suggestion is succeeded, can't be restarted";
  return withCondition(
    gone,
    { type: succeeded, status: 'True', reason: 'Experiment is succeeded', message },
    nowMs,
  );
}

/** The experiment goes on after all. */
export function withRestart(conditions: Conditions, nowMs: number): Condition[] {
  const { running, succeeded } = SUGGESTION_CONDITION;
  const open = (conditions ?? []).filter(({ type }) => type !== succeeded);
  const message = 'Suggestion is not running';
  return withCondition(
    open,
    { type: running, status: 'False', reason: 'Experiment is restarting', message },
    nowMs,
  );
}

export function hasFailed(conditions: Conditions): boolean {
  return isConditionTrue(conditions, SUGGESTION_CONDITION.failed);
}

export function hasSucceeded(conditions: Conditions): boolean {
  return isConditionTrue(conditions, SUGGESTION_CONDITION.succeeded);
}

export function isRunning(conditions: Conditions): boolean {
  return isConditionTrue(conditions, SUGGESTION_CONDITION.running);
}
