import { describe, expect, it } from 'vitest';
import { HISTORY_STATE } from '../../algorithms/trial-history.ts';
import type { SearchTrial } from '../../suggestion/suggestion-service.ts';
import { ToldTrials } from '../../suggestion/told-trials.ts';
import { int, problemOf } from '../algorithms/spaces.ts';

const { parameters } = problemOf(int(0, 1000));

function trial(index: number, more: Partial<SearchTrial> = {}): SearchTrial {
  const parameterAssignments = [{ name: 'p0', value: String(index) }];
  return { name: `study-${index}`, parameterAssignments, state: 'running', value: null, ...more };
}

describe('what a search was told', () => {
  it('is told once', () => {
    const told = new ToldTrials(parameters);
    expect(told.delta([trial(0), trial(1)])).toMatchObject({ added: 2, points: Float64Array.of(0, 1) });
    expect(told.delta([trial(0), trial(1)])).toMatchObject({ added: 0, rows: Uint32Array.of() });
  });

  it('may be told with the same list, which the caller adds to', () => {
    const told = new ToldTrials(parameters);
    const trials = [trial(0), trial(1)];
    told.delta(trials);
    trials.push(trial(2));
    expect(told.delta(trials)).toMatchObject({ added: 1, startOver: false, points: Float64Array.of(2) });
  });

  it('is told again where a trial has changed', () => {
    const told = new ToldTrials(parameters);
    told.delta([trial(0), trial(1)]);
    expect(told.delta([trial(0), trial(1, { state: 'succeeded', value: 0.5 })])).toMatchObject({
      startOver: false,
      rows: Uint32Array.of(1),
      states: Uint8Array.of(HISTORY_STATE.succeeded),
      values: Float64Array.of(0.5),
    });
  });

  it('includes names and labels, in the order of the points, where the search labels its trials', () => {
    const labels = { 'katydid.dev/rung': '1' };
    const told = new ToldTrials(parameters, { tagged: true });
    expect(told.delta([trial(1), trial(0, { labels })]).tags).toEqual([
      { name: 'study-0', labels },
      { name: 'study-1', labels: {} },
    ]);
    expect(new ToldTrials(parameters).delta([trial(0, { labels })]).tags).toEqual([]);
  });

  it('stands in the order of the indexes, not of the names or of the request', () => {
    const delta = new ToldTrials(parameters).delta([trial(10), trial(9, { state: 'failed' }), trial(2)]);
    expect(delta.points).toEqual(Float64Array.of(2, 9, 10));
    expect(delta.rows).toEqual(Uint32Array.of(1));
  });

  it('goes on without a new start while trials come in order', () => {
    const told = new ToldTrials(parameters);
    told.delta([trial(0), trial(1)]);
    expect(told.delta([trial(2), trial(1), trial(0)])).toMatchObject({ startOver: false, added: 1 });
  });

  it('starts over when a trial was deleted', () => {
    const told = new ToldTrials(parameters);
    told.delta([trial(0), trial(1)]);
    expect(told.delta([trial(1), trial(2)])).toMatchObject({
      startOver: true,
      added: 2,
      points: Float64Array.of(1, 2),
    });
  });

  it('starts over when a trial turns up that belongs before the others', () => {
    const told = new ToldTrials(parameters);
    told.delta([trial(1)]);
    expect(told.delta([trial(1), trial(0)])).toMatchObject({
      startOver: true,
      points: Float64Array.of(0, 1),
    });
  });

  it('takes a trial that is named twice for one', () =>
    expect(new ToldTrials(parameters).delta([trial(0), trial(0)])).toMatchObject({ added: 1 }));

  it('leaves out a trial that is not a point of the space, and says so once', () => {
    const told = new ToldTrials(parameters);
    const strange = trial(5000, { state: 'succeeded', value: 1 });
    expect(told.delta([trial(0), strange])).toMatchObject({
      added: 1,
      rows: Uint32Array.of(),
      unusable: [{ name: 'study-5000', problem: 'Parameter p0 does not take the value "5000".' }],
    });
    expect(told.delta([trial(0), strange])).toMatchObject({ startOver: false, unusable: [] });
  });
});
