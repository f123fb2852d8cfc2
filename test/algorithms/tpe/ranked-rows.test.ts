import { describe, expect, it } from 'vitest';
import { rankRows } from '../../../algorithms/tpe/ranked-rows.ts';
import { HISTORY_STATE, type HistoryState } from '../../../algorithms/trial-history.ts';
import { historyOfResults } from '../spaces.ts';

const { running, succeeded, failed, earlyStopped } = HISTORY_STATE;

describe('the split of trials', () => {
  it.each([
    {
      what: 'takes the least values where less is better',
      rows: [
        [succeeded, 3],
        [succeeded, 1],
        [succeeded, 2],
        [succeeded, 4],
      ],
      good: [1, 2],
      bad: [0, 3],
    },
    {
      what: 'takes the greatest values where more is better',
      sign: -1,
      rows: [
        [succeeded, 3],
        [succeeded, 1],
        [succeeded, 2],
        [succeeded, 4],
      ],
      good: [0, 3],
      bad: [1, 2],
    },
    {
      what: 'prefers the earlier of equal trials',
      rows: [
        [succeeded, 1],
        [succeeded, 1],
        [succeeded, 1],
      ],
      good: [0, 1],
      bad: [2],
    },
    {
      what: 'counts running trials as bad, and failed ones not at all',
      rows: [
        [running, NaN],
        [failed, NaN],
        [succeeded, 1],
        [failed, 0],
      ],
      good: [2],
      bad: [0],
    },
    {
      what: 'counts trials whose objective is no number not at all',
      rows: [
        [succeeded, NaN],
        [succeeded, Infinity],
        [succeeded, 1],
      ],
      good: [1, 2],
      bad: [],
    },
    {
      what: 'puts trials that were stopped early behind those that went through',
      rows: [
        [earlyStopped, 0],
        [succeeded, 5],
        [earlyStopped, -1],
        [succeeded, 7],
      ],
      good: [1, 3],
      bad: [0, 2],
    },
    {
      what: 'fills up with trials that were stopped early',
      rows: [
        [earlyStopped, 2],
        [succeeded, 5],
        [earlyStopped, 1],
      ],
      good: [1, 2],
      bad: [0],
    },
  ] as { what: string; sign?: 1 | -1; rows: [HistoryState, number][]; good: number[]; bad: number[] }[])(
    '$what',
    ({ sign = 1, rows, good, bad }) => {
      const split = rankRows(historyOfResults(...rows), sign, () => 2);
      expect([...split.good]).toEqual(good);
      expect([...split.bad]).toEqual(bad);
    },
  );

  it('knows how many trials have a result', () => {
    const rows = historyOfResults(
      [running, NaN],
      [failed, NaN],
      [succeeded, 1],
      [earlyStopped, 2],
      [succeeded, NaN],
    );
    expect(rankRows(rows, 1, (finished) => finished)).toMatchObject({
      finished: 2,
      good: Int32Array.of(2, 3),
    });
  });
});
