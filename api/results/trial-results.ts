import { z } from 'zod';
import type { StoredTrial } from '../../core/trial.ts';
import type { ObservationStore } from '../../db/observation-store.ts';
import { everyObservation } from '../../experiments/curves.ts';
import { findTrial } from '../find-object.ts';
import { jsonNumber, jsonNumberSchema } from '../json-number.ts';
import type { RestOptions } from '../rest-options.ts';
import type { Route } from '../route.ts';
import { TRIAL_PATH } from '../trials/trial-routes.ts';
import { textStream } from './line-stream.ts';
import { axisSchema, seriesSchema, seriesView, type SeriesWish } from './series-view.ts';

const tag = 'results';

const seriesQuerySchema = z.object({
  metric: z.string().optional().describe('The objective where absent.'),
  points: z.coerce.number().int().min(4).max(10_000).default(500).describe('At most so many.'),
  by: axisSchema,
});

const metricsSchema = z
  .strictObject({
    items: z.array(
      z.strictObject({
        metric: z.string(),
        count: z.number(),
        min: jsonNumberSchema.nullable(),
        max: jsonNumberSchema.nullable(),
        latest: jsonNumberSchema,
        latestText: z.string().nullable().describe('What was reported last where it is no number.'),
        firstTime: z.number().describe('Milliseconds since 1970, UTC.'),
        latestTime: z.number().describe('Milliseconds since 1970, UTC.'),
      }),
    ),
  })
  .meta({ id: 'MetricSummaryList' });

export function trialResultRoutes(options: RestOptions): Route[] {
  return [series(options), metrics(options), observationLines(options)];
}

function series({ client, observations }: RestOptions): Route {
  return {
    method: 'get',
    path: `${TRIAL_PATH}/series`,
    operationId: 'getTrialSeries',
    tag,
    summary: 'The curve of one metric of a trial, down-sampled',
    description:
      'A longer series is divided into stretches of which the first, last, smallest and largest points stay.',
    query: seriesQuerySchema,
    responses: { 200: { description: 'The curve; empty for a metric never seen.', schema: seriesSchema } },
    async handle({ params, query }) {
      const { metadata, spec } = await findTrial(client, params);
      const asked = query as z.infer<typeof seriesQuerySchema>;
      const wish: SeriesWish = { ...asked, metric: asked.metric ?? spec.objective.objectiveMetricName };
      return { status: 200, body: await seriesView(observations, metadata, wish) };
    },
  };
}

function metrics({ client, observations }: RestOptions): Route {
  return {
    method: 'get',
    path: `${TRIAL_PATH}/metrics`,
    operationId: 'getTrialMetrics',
    tag,
    summary: 'What each metric of a trial came to so far',
    responses: { 200: { description: 'In alphabetical order.', schema: metricsSchema } },
    async handle({ params }) {
      const { metadata } = await findTrial(client, params);
      const found = await observations.summaries(metadata.uid);
      const items = found.map(
        ({ metric, count, min, max, latest, latestText, firstTimeMs, latestTimeMs }) => ({
          metric,
          count,
          min: min === null ? null : jsonNumber(min),
          max: max === null ? null : jsonNumber(max),
          latest: jsonNumber(latest),
          latestText,
          firstTime: firstTimeMs,
          latestTime: latestTimeMs,
        }),
      );
      return { status: 200, body: { items } };
    },
  };
}

const observationsQuerySchema = z.object({
  metric: z.string().optional().describe('Only this one.'),
});

function observationLines({ client, observations }: RestOptions): Route {
  return {
    method: 'get',
    path: `${TRIAL_PATH}/observations`,
    operationId: 'listObservations',
    tag,
    summary: 'Everything that a trial reported, a line of JSON for each value',
    description:
      'Metric by metric in alphabetical order, each source by source in the order in which it reported.',
    query: observationsQuerySchema,
    responses: { 200: { description: 'The lines.', contentType: 'application/x-ndjson' } },
    async handle({ params, query }) {
      const trial = await findTrial(client, params);
      const { metric } = query as z.infer<typeof observationsQuerySchema>;
      const stream = textStream(linesOf(observations, trial, metric));
      return { status: 200, stream, headers: { 'content-type': 'application/x-ndjson' } };
    },
  };
}

async function* linesOf(
  observations: ObservationStore,
  trial: StoredTrial,
  only: string | undefined,
): AsyncGenerator<string> {
  for await (const point of everyObservation(observations, trial, only)) {
    const { metric, step, timeMs: time, value, text, source, sequence } = point;
    yield `${JSON.stringify({ metric, step, time, value: jsonNumber(value), text, source, sequence })}\n`;
  }
}
