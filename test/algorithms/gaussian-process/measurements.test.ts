import { describe, expect, it } from 'vitest';
import { chosenMeasurements, measurementsOf } from '../../../algorithms/gaussian-process/measurements.ts';
import { HISTORY_STATE, type HistoryState } from '../../../algorithms/trial-history.ts';
import { historyOfResults } from '../spaces.ts';

const { running, succeeded, failed, earlyStopped } = HISTORY_STATE;

describe('measurements', () => {
  it.each([
    {
      what: 'are the results, turned so that less is better',
      rows: [
        [succeeded, 2],
        [running, NaN],
        [succeeded, 5],
      ],
      sign: -1,
      values: [-2, -5],
    },
    {
      what: 'take a failed trial for the worst',
      rows: [
        [succeeded, 2],
        [failed, NaN],
        [succeeded, 5],
      ],
      values: [2, 5, 5],
    },
    {
      what: 'take no number for the worst',
      rows: [
        [succeeded, 2],
        [succeeded, NaN],
        [succeeded, 5],
      ],
      values: [2, 5, 5],
    },
    {
      what: 'take infinities for the ends',
      rows: [
        [succeeded, Infinity],
        [succeeded, 1],
        [succeeded, 5],
        [succeeded, -Infinity],
      ],
      values: [5, 1, 5, 1],
    },
    {
      what: 'take a trial that was stopped early for no better than the middle',
      rows: [
        [succeeded, 1],
        [succeeded, 3],
        [succeeded, 5],
        [earlyStopped, 0],
        [earlyStopped, 4],
      ],
      values: [1, 3, 5, 3, 4],
    },
    {
      what: 'are none as long as nothing has a value',
      rows: [
        [failed, NaN],
        [succeeded, NaN],
      ],
      values: [],
    },
  ] as { what: string; rows: [HistoryState, number][]; sign?: 1 | -1; values: number[] }[])(
    '$what',
    ({ rows, sign = 1, values }) =>
      expect([...measurementsOf(historyOfResults(...rows), sign).values]).toEqual(values),
  );

  it('that are too many lose some of the worse half, in order', () => {
    const rows = Int32Array.from({ length: 100 }, (_, row) => row);
    const values = Float64Array.from(rows, (row) => (row * 37) % 100);
    const chosen = chosenMeasurements({ rows, values }, 20);
    expect(chosen.rows).toHaveLength(20);
    expect([...chosen.rows]).toEqual([...chosen.rows].sort((left, right) => left - right));
    expect([...chosen.values].filter((value) => value < 10)).toHaveLength(10);
    expect(Math.max(...chosen.rows) - Math.min(...chosen.rows)).toBeGreaterThan(80);
  });
});
