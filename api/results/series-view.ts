import { z } from 'zod';
import type { ObservationStore } from '../../db/observation-store.ts';
import { jsonNumber, jsonNumberSchema } from '../json-number.ts';

export const axisSchema = z
  .enum(['time', 'step'])
  .default('time')
  .describe('What the points are in order of; by `step`, points without a step are left out.');

/** Columns, not rows: the same place in each array belongs to one point. */
export const seriesSchema = z
  .strictObject({
    trial: z.string(),
    metric: z.string(),
    time: z.array(z.number()).describe('Milliseconds since 1970, UTC.'),
    step: z.array(z.number().nullable()),
    value: z.array(jsonNumberSchema),
  })
  .meta({ id: 'Series' });
export type SeriesView = z.infer<typeof seriesSchema>;

export interface SeriesWish {
  metric: string;
  points: number;
  by: z.infer<typeof axisSchema>;
}

/** Down-sampled by buckets of which the first, last, smallest and largest points stay. */
export async function seriesView(
  observations: ObservationStore,
  { name, uid }: { name: string; uid: string },
  { metric, points, by }: SeriesWish,
): Promise<SeriesView> {
  const found = await observations.series(uid, { metric, maxPoints: points });
  const shown =
    by === 'time'
      ? found
      : found
          .filter(({ step }) => step !== null)
          .sort((left, right) => (left.step ?? 0) - (right.step ?? 0) || left.timeMs - right.timeMs);
  return {
    trial: name,
    metric,
    time: shown.map(({ timeMs }) => timeMs),
    step: shown.map(({ step }) => step),
    value: shown.map(({ value }) => jsonNumber(value)),
  };
}
