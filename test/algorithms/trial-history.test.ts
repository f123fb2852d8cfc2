import { describe, expect, it } from 'vitest';
import { HISTORY_STATE, TrialHistory } from '../../algorithms/trial-history.ts';

describe('the history of a search', () => {
  it('keeps rows in their place while it grows', () => {
    const history = new TrialHistory(2);
    for (let row = 0; row < 1000; row++) expect(history.add(Float64Array.of(row, -row))).toBe(row);
    history.set(3, HISTORY_STATE.succeeded, 0.5);
    expect(history.size).toBe(1000);
    expect(history.point(3)).toEqual(Float64Array.of(3, -3));
    expect(history.point(999)).toEqual(Float64Array.of(999, -999));
    expect([history.state(3), history.value(3)]).toEqual([HISTORY_STATE.succeeded, 0.5]);
  });

  it('begins a row as a running trial without a value', () => {
    const history = new TrialHistory(1);
    history.add(Float64Array.of(1));
    expect([history.state(0), history.value(0)]).toEqual([HISTORY_STATE.running, Number.NaN]);
  });

  it('copies what it is given', () => {
    const history = new TrialHistory(1);
    const point = Float64Array.of(1);
    history.add(point);
    point[0] = 9;
    expect(history.point(0)).toEqual(Float64Array.of(1));
  });

  it('has another version after every change', () => {
    const history = new TrialHistory(1);
    const versions = [history.version];
    history.add(Float64Array.of(1));
    versions.push(history.version);
    history.set(0, HISTORY_STATE.failed, Number.NaN);
    versions.push(history.version);
    expect(new Set(versions).size).toBe(3);
  });

  it('tells which rows have changed since a version, in the order of the changes', () => {
    const history = new TrialHistory(1);
    for (let row = 0; row < 200; row++) history.add(Float64Array.of(row));
    const { version } = history;
    expect(history.touchedSince(version)).toHaveLength(0);
    history.set(7, HISTORY_STATE.failed, Number.NaN);
    history.add(Float64Array.of(1));
    history.set(3, HISTORY_STATE.succeeded, 1);
    expect([...history.touchedSince(version)]).toEqual([7, 200, 3]);
    expect([...history.touchedSince(0)].slice(0, 200)).toEqual(Array.from({ length: 200 }, (_, row) => row));
  });

  it('keeps names and labels apart, for rows that have them', () => {
    const history = new TrialHistory(1);
    const tag = { name: 'study-1', labels: { rung: '2' } };
    history.add(Float64Array.of(1));
    history.add(Float64Array.of(1), tag);
    expect([history.tag(0), history.tag(1), history.tag(2)]).toEqual([undefined, tag, undefined]);
  });

  it('refuses points of another space and rows that it does not have', () => {
    const history = new TrialHistory(2);
    expect(() => history.add(Float64Array.of(1))).toThrow(RangeError);
    expect(() => history.set(0, HISTORY_STATE.failed, 0)).toThrow(RangeError);
  });
});
