import { describe, expect, it } from 'vitest';
import {
  answerChanged,
  searchMayChange,
  specChanged,
  tallyMayChange,
  trialEnded,
  trialsCameOrWent,
  waitsForResults,
} from '../../controller/triggers.ts';
import type { KubeObject, Stored } from '../../core/kubernetes-object.ts';
import type { CacheChange } from '../../kube/object-cache.ts';
import { condition, experiment, NOW, suggestion, trial } from '../support/experiment-objects.ts';

function changed<T extends KubeObject>(previous: Stored<T>, object: Stored<T>): CacheChange<T> {
  return { type: 'changed', object, previous };
}

function withMeta<T extends KubeObject>(object: Stored<T>, more: object): Stored<T> {
  return { ...object, metadata: { ...object.metadata, ...more } };
}

const ended = { conditions: [condition('Succeeded')] };

describe('news', () => {
  it.each([
    ['an experiment whose spec changed', withMeta(experiment(), { generation: 2 }), true],
    ['an experiment that is being deleted', withMeta(experiment(), { deletionTimestamp: NOW }), true],
    ['an experiment whose status was written', experiment({}, { trials: 3 }), false],
  ])('%s, for its controller: %#', (_, now, expected) => {
    expect(specChanged(changed(experiment(), now))).toBe(expected);
    expect(searchMayChange(changed(experiment(), now))).toBe(expected);
  });

  it('the end of an experiment, for the search', () => {
    expect(searchMayChange(changed(experiment(), experiment({}, ended)))).toBe(true);
  });

  it.each([
    ['more assignments', { suggestionCount: 2 }, true],
    ['the end of the space', { suggestionCount: 1, exhausted: true }, true],
    ['a condition', { suggestionCount: 1, conditions: [condition('Failed')] }, true],
    ['dropped assignments', { suggestionCount: 1, suggestions: [] }, false],
  ])('%s, for the experiment: %#', (_, status, expected) => {
    const before = suggestion({ suggestionCount: 1, suggestions: [{ name: 'exp-0' }] });
    expect(answerChanged(changed(before, suggestion(status)))).toBe(expected);
  });

  it.each([
    ['another state', trial({ index: 0, state: 'Running' }), true],
    ['its deletion', withMeta(trial({ index: 0 }), { deletionTimestamp: NOW }), true],
    ['its finalizer', withMeta(trial({ index: 0 }), { finalizers: [] }), false],
  ])('of a trial %s, for the experiment: %#', (_, now, expected) => {
    expect(tallyMayChange(changed(trial({ index: 0 }), now))).toBe(expected);
    expect(trialsCameOrWent(changed(trial({ index: 0 }), now))).toBe(false);
  });

  it.each([
    ['has ended', trial({ index: 0, state: 'Succeeded' }), true],
    ['has failed', trial({ index: 0, state: 'Failed' }), true],
    ['still runs', trial({ index: 0, state: 'Running' }), false],
  ])('that a trial %s, for a search that waits for results', (_, now, expected) => {
    expect(trialEnded(changed(trial({ index: 0, state: 'Running' }), now))).toBe(expected);
    expect(trialEnded(changed(now, now))).toBe(false);
  });

  it.each([
    ['was asked for more than it gave', { suggestionCount: 1 }, 2, true],
    ['gave everything', { suggestionCount: 2 }, 2, false],
  ])('a search waits that %s: %#', (_, status, requests, expected) =>
    expect(waitsForResults(suggestion(status, { requests }))).toBe(expected),
  );

  it.each(['added', 'removed'] as const)('everything %s, for everybody', (type) => {
    const previous = type === 'added' ? undefined : trial({ index: 0 });
    const change = { type, object: trial({ index: 0 }), previous };
    expect(tallyMayChange(change)).toBe(true);
    expect(trialsCameOrWent(change)).toBe(true);
  });

  it.each([
    ['added', undefined],
    ['removed', experiment()],
  ] as const)('an experiment that is %s', (type, previous) => {
    const change = { type, object: experiment(), previous };
    expect(specChanged(change)).toBe(true);
  });
});
