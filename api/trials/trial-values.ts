import { z } from 'zod';
import type { Metric, ParameterAssignment } from '../../core/experiment.ts';
import { isMetricNumber, parseMetricValue } from '../../core/metric-value.ts';
import { UNAVAILABLE } from '../../core/objective.ts';
import { exactNumber } from '../../experiments/query/exact-number.ts';
import { jsonNumber } from '../json-number.ts';

export const parametersSchema = z
  .record(z.string(), z.union([z.number(), z.string()]))
  .describe(
    'By name; numbers where a number says exactly what the text of the parameter does, else the text.',
  );

export const metricValueSchema = z
  .union([z.number(), z.string()])
  .nullable()
  .describe(
    'NaN and the infinities are texts, and so are values that are no numbers; null where it was never seen.',
  );

export const metricsSchema = z.record(
  z.string(),
  z.strictObject({ min: metricValueSchema, max: metricValueSchema, latest: metricValueSchema }),
);

export function parametersView(
  assignments: readonly ParameterAssignment[],
): z.infer<typeof parametersSchema> {
  return Object.fromEntries(assignments.map(({ name, value }) => [name, exactNumber(value)]));
}

export function metricsView(metrics: readonly Metric[]): z.infer<typeof metricsSchema> {
  return Object.fromEntries(
    metrics.map(({ name, min, max, latest }) => [
      name,
      { min: metricValueView(min), max: metricValueView(max), latest: metricValueView(latest) },
    ]),
  );
}

export function metricValueView(text: string): z.infer<typeof metricValueSchema> {
  if (text === UNAVAILABLE) return null;
  return isMetricNumber(text) ? jsonNumber(parseMetricValue(text)) : text;
}
