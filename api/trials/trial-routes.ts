import { trialFields } from '../../experiments/query/trial-fields.ts';
import { findExperiment, findTrial } from '../find-object.ts';
import { MAX_LIMIT, pageOf, pageQuerySchema, pageSchema, type PageQuery } from '../list/page.ts';
import type { RestOptions } from '../rest-options.ts';
import type { Route } from '../route.ts';
import { versionTag } from '../router/entity-tag.ts';
import type { TrialIndex } from './trial-index.ts';
import {
  TRIAL_VIEW_FIELDS,
  trialDetails,
  trialDetailsSchema,
  trialView,
  trialViewSchema,
} from './trial-view.ts';

const tag = 'trials';
const COLLECTION = '/namespaces/{namespace}/experiments/{experiment}/trials';
export const TRIAL_PATH = `${COLLECTION}/{trial}`;

export function trialRoutes(options: RestOptions, trials: TrialIndex): Route[] {
  return [list(options, trials), read(options)];
}

function list({ client, reportKey }: RestOptions, trials: TrialIndex): Route {
  return {
    method: 'get',
    path: COLLECTION,
    operationId: 'listTrials',
    tag,
    summary: 'Trials of an experiment, page by page',
    description:
      'The best trial first: `sort=objective` where the objective is minimized, `sort=objective desc` where it is maximized; `limit=1` is the best one.',
    query: pageQuerySchema,
    responses: {
      200: { description: `At most ${MAX_LIMIT} of them.`, schema: pageSchema(trialViewSchema, 'TrialList') },
    },
    async handle({ params, query }) {
      const experiment = await findExperiment(client, params);
      const source = {
        objects: await trials.trialsOf(experiment),
        fields: trialFields(experiment),
        view: trialView,
        viewFields: TRIAL_VIEW_FIELDS,
        key: reportKey,
        path: `trials of ${experiment.metadata.uid}`,
      };
      return { status: 200, body: pageOf(source, query as PageQuery) };
    },
  };
}

function read({ client }: RestOptions): Route {
  return {
    method: 'get',
    path: TRIAL_PATH,
    operationId: 'getTrial',
    tag,
    summary: 'One trial',
    responses: { 200: { description: 'The trial.', schema: trialDetailsSchema } },
    async handle({ params }) {
      const trial = await findTrial(client, params);
      return {
        status: 200,
        body: trialDetails(trial),
        headers: { etag: versionTag(trial.metadata.resourceVersion) },
      };
    },
  };
}
