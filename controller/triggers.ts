import { isDeepStrictEqual } from 'node:util';
import type { Experiment } from '../core/experiment.ts';
import { isBeingDeleted, type KubeObject } from '../core/kubernetes-object.ts';
import { RESUMED_AT_ANNOTATION } from '../core/labels.ts';
import type { Suggestion } from '../core/suggestion.ts';
import { isTerminal, trialState, type Trial } from '../core/trial.ts';
import type { CacheChange } from '../kube/object-cache.ts';
import { isCompleted } from './experiment/conditions.ts';

/*
 * Which changes are news to whom. A pass over an experiment costs time in proportion to its trials, and most writes are
 * the controllers' own: without these, every trial would cost a dozen passes that find nothing to do.
 */

/** Something other than the status: what its own controller writes there is no news to it. */
export function specChanged<T extends KubeObject>({ type, object, previous }: CacheChange<T>): boolean {
  return (
    type !== 'changed' ||
    !previous ||
    leftOrCame(object, previous) ||
    object.metadata.generation !== previous.metadata.generation
  );
}

/** The specification changed, or somebody told the experiment to go on. */
export function experimentChanged(change: CacheChange<Experiment>): boolean {
  const resumedAt = (object?: Experiment): string | undefined =>
    object?.metadata.annotations?.[RESUMED_AT_ANNOTATION];
  return specChanged(change) || resumedAt(change.object) !== resumedAt(change.previous);
}

/** The search may begin, must stop, or has another problem to solve. */
export function searchMayChange(change: CacheChange<Experiment>): boolean {
  const { object, previous } = change;
  return (
    specChanged(change) ||
    isCompleted(object.status?.conditions) !== isCompleted(previous?.status?.conditions)
  );
}

/** More assignments, or the end of them. Those that became trials are dropped from the list without news. */
export function answerChanged({ type, object, previous }: CacheChange<Suggestion>): boolean {
  if (type !== 'changed' || !previous || leftOrCame(object, previous)) return true;
  const { status = {} } = object;
  const { status: before = {} } = previous;
  return (
    status.suggestionCount !== before.suggestionCount ||
    status.exhausted !== before.exhausted ||
    !isDeepStrictEqual(status.conditions, before.conditions)
  );
}

/** A trial came or went, or there is something new to count. */
export function tallyMayChange({ type, object, previous }: CacheChange<Trial>): boolean {
  if (type !== 'changed' || !previous) return true;
  return leftOrCame(object, previous) || !isDeepStrictEqual(object.status, previous.status);
}

/** A trial came or went: what becomes of it is of no interest before the search is asked again. */
export function trialsCameOrWent({ type }: CacheChange<Trial>): boolean {
  return type !== 'changed';
}

/** A trial has ended: news to a search that waits for results. */
export function trialEnded({ object, previous }: CacheChange<Trial>): boolean {
  return previous !== undefined && isTerminal(trialState(object)) && !isTerminal(trialState(previous));
}

/** The search was asked for more than it has given. */
export function waitsForResults(suggestion: Suggestion | undefined): boolean {
  return (suggestion?.spec.requests ?? 0) > (suggestion?.status?.suggestionCount ?? 0);
}

function leftOrCame(object: KubeObject, previous: KubeObject): boolean {
  return object.metadata.uid !== previous.metadata.uid || isBeingDeleted(object) !== isBeingDeleted(previous);
}
