import { z } from 'zod';
import { nearest } from '../../core/did-you-mean.ts';
import type { StoredTrial } from '../../core/trial.ts';
import { findExperiment } from '../find-object.ts';
import { Problem } from '../problem/problem.ts';
import type { RestOptions } from '../rest-options.ts';
import type { Route } from '../route.ts';
import type { TrialIndex } from '../trials/trial-index.ts';
import { orderedTrials } from './ordered-trials.ts';
import { columnNames, columnsQuerySchema, columnsSchema, trialColumns } from './trial-columns.ts';
import { axisSchema, seriesSchema, seriesView, type SeriesView } from './series-view.ts';

const tag = 'results';
const EXPERIMENT = '/namespaces/{namespace}/experiments/{experiment}';
/** Of all curves of one answer together. */
const MAX_POINTS = 100_000;
const MAX_TRIALS = 500;

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
    query: columnsQuerySchema,
    responses: { 200: { description: 'The arrays.', schema: columnsSchema } },
    async handle({ params, query }) {
      const experiment = await findExperiment(client, params);
      const { names } = query as z.infer<typeof columnsQuerySchema>;
      const wanted = columnNames(experiment, names);
      return { status: 200, body: trialColumns(await orderedTrials(trials, experiment), wanted) };
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
      const possible = wantedTrials(await orderedTrials(trials, experiment), asked.trials);
      const shown = possible.slice(-asked.limit);
      const points = Math.max(4, Math.min(asked.points, Math.floor(MAX_POINTS / Math.max(1, shown.length))));
      const items: SeriesView[] = [];
      for (const { metadata } of shown)
        items.push(await seriesView(observations, metadata, { metric, points, by: asked.by }));
      return { status: 200, body: { items, total: possible.length, points } };
    },
  };
}

/**
 * The trials of these names, with commas between; all where it is absent.
 * @throws Problem REST_PARAMETER_INVALID for a name that no trial of the experiment has.
 */
function wantedTrials(all: readonly StoredTrial[], names: string | undefined): readonly StoredTrial[] {
  if (names === undefined) return all;
  const byName = new Map(all.map((trial) => [trial.metadata.name, trial]));
  const wanted = new Set(names.split(','));
  for (const name of wanted) {
    if (byName.has(name)) continue;
    const message = `trials: the experiment has no trial ${JSON.stringify(name)}.`;
    const near = nearest(name, byName.keys());
    const hint = near === undefined ? 'GET …/trials lists their names.' : `Did you mean "${near}"?`;
    throw new Problem('REST_PARAMETER_INVALID', message, { hint });
  }
  return all.filter(({ metadata }) => wanted.has(metadata.name));
}
