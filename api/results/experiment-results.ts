import { z } from 'zod';
import { findExperiment } from '../find-object.ts';
import { exactNumber } from '../../experiments/query/exact-number.ts';
import { summarizeTrial } from '../../experiments/summary.ts';
import { jsonNumber, jsonNumberSchema } from '../json-number.ts';
import type { RestOptions } from '../rest-options.ts';
import type { Route } from '../route.ts';
import type { TrialIndex } from '../trials/trial-index.ts';
import { orderedTrials } from './ordered-trials.ts';
import { axisSchema, seriesSchema, seriesView, type SeriesView } from './series-view.ts';

const tag = 'results';
const EXPERIMENT = '/namespaces/{namespace}/experiments/{experiment}';
/** Of all curves of one answer together. */
const MAX_POINTS = 100_000;
const MAX_TRIALS = 500;

const columnsSchema = z
  .strictObject({
    total: z.number(),
    name: z.array(z.string()),
    status: z.array(z.string()),
    objective: z.array(jsonNumberSchema.nullable()),
    params: z.record(z.string(), z.array(z.union([z.number(), z.string()]).nullable())),
  })
  .meta({ id: 'TrialColumns' });

const seriesQuerySchema = z.object({
  metric: z.string().optional().describe('The objective where absent.'),
  trials: z.string().optional().describe('Names with commas between; the newest where absent.'),
  limit: z.coerce.number().int().min(1).max(MAX_TRIALS).default(50).describe('At most so many trials.'),
  points: z.coerce.number().int().min(4).max(10_000).default(200).describe('At most so many of each trial.'),
  by: axisSchema,
});

const seriesListSchema = z
  .strictObject({
    items: z.array(seriesSchema),
    total: z.number().describe('Trials that could have been shown.'),
    points: z
      .number()
      .describe(`Asked for each trial: fewer than wished where all would be over ${MAX_POINTS}.`),
  })
  .meta({ id: 'SeriesList' });

export function experimentResultRoutes(options: RestOptions, trials: TrialIndex): Route[] {
  return [columns(options, trials), series(options, trials)];
}

function columns({ client }: RestOptions, trials: TrialIndex): Route {
  return {
    method: 'get',
    path: `${EXPERIMENT}/columns`,
    operationId: 'getTrialColumns',
    tag,
    summary: 'All trials as arrays, for plots',
    description: 'The same place in each array belongs to one trial; they are in the order of their index.',
    responses: { 200: { description: 'The arrays.', schema: columnsSchema } },
    async handle({ params }) {
      const experiment = await findExperiment(client, params);
      const found = (await orderedTrials(trials, experiment)).map(summarizeTrial);
      const names = (experiment.spec.parameters ?? []).map(({ name }) => name);
      const values = found.map(
        ({ parameters }) => new Map(parameters.map(({ name, value }) => [name, value])),
      );
      const column = (name: string): (number | string | null)[] =>
        values.map((of) => {
          const text = of.get(name);
          return text === undefined ? null : exactNumber(text);
        });
      const body: z.infer<typeof columnsSchema> = {
        total: found.length,
        name: found.map(({ name }) => name),
        status: found.map(({ state }) => state),
        objective: found.map(({ value }) => (value === null ? null : jsonNumber(value))),
        params: Object.fromEntries(names.map((name) => [name, column(name)])),
      };
      return { status: 200, body };
    },
  };
}

function series({ client, observations }: RestOptions, trials: TrialIndex): Route {
  return {
    method: 'get',
    path: `${EXPERIMENT}/series`,
    operationId: 'getExperimentSeries',
    tag,
    summary: 'The curves of one metric of many trials, down-sampled',
    query: seriesQuerySchema,
    responses: {
      200: {
        description: 'Trials that never reported the metric have empty curves.',
        schema: seriesListSchema,
      },
    },
    async handle({ params, query }) {
      const experiment = await findExperiment(client, params);
      const asked = query as z.infer<typeof seriesQuerySchema>;
      const metric = asked.metric ?? experiment.spec.objective.objectiveMetricName;
      const wanted = asked.trials === undefined ? null : new Set(asked.trials.split(','));
      const all = await orderedTrials(trials, experiment);
      const possible = wanted ? all.filter(({ metadata }) => wanted.has(metadata.name)) : all;
      const shown = possible.slice(-asked.limit);
      const points = Math.max(4, Math.min(asked.points, Math.floor(MAX_POINTS / Math.max(1, shown.length))));
      const items: SeriesView[] = [];
      for (const { metadata } of shown)
        items.push(await seriesView(observations, metadata, { metric, points, by: asked.by }));
      return { status: 200, body: { items, total: possible.length, points } };
    },
  };
}
