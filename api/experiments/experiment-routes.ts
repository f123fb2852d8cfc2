import { z } from 'zod';
import type { StoredExperiment } from '../../core/experiment.ts';
import { isJsonObject } from '../../core/json.ts';
import { experimentFields } from '../../experiments/query/experiment-fields.ts';
import { EXPERIMENTS } from '../../kube/resource.ts';
import { findExperiment } from '../find-object.ts';
import { MAX_LIMIT, pageOf, pageQuerySchema, pageSchema, type PageQuery } from '../list/page.ts';
import type { RestOptions } from '../rest-options.ts';
import type { Answer, Call, Route } from '../route.ts';
import { replayed } from '../router/answer-store.ts';
import { versionTag } from '../router/entity-tag.ts';
import { experimentAtVersion, patchExperiment } from './change-experiment.ts';
import { createExperiment } from './create-experiment.ts';
import {
  EXPERIMENT_VIEW_FIELDS,
  experimentDetails,
  experimentDetailsSchema,
  experimentView,
  experimentViewSchema,
} from './experiment-view.ts';
import { experimentBodySchema } from './experiment-body.ts';
import { readExperiment } from './read-experiment.ts';

const tag = 'experiments';
const COLLECTION = '/namespaces/{namespace}/experiments';
export const EXPERIMENT_PATH = `${COLLECTION}/{experiment}`;

const listSchema = pageSchema(experimentViewSchema, 'ExperimentList');
const dryRunSchema = z.object({
  dryRun: z
    .literal('All', 'only All is understood')
    .optional()
    .describe('`All` checks the request and answers as always, but changes nothing.'),
});

/** Experiments as objects: list, create, read, change. */
export function experimentRoutes(options: RestOptions): Route[] {
  return [listAll(options), listInNamespace(options), create(options), read(options), change(options)];
}

function listAll(options: RestOptions): Route {
  return {
    method: 'get',
    path: '/experiments',
    operationId: 'listAllExperiments',
    tag,
    summary: 'Experiments of all namespaces, page by page',
    query: pageQuerySchema,
    responses: { 200: { description: `At most ${MAX_LIMIT} of them.`, schema: listSchema } },
    handle: (call) => list(options, call),
  };
}

function listInNamespace(options: RestOptions): Route {
  return {
    method: 'get',
    path: COLLECTION,
    operationId: 'listExperiments',
    tag,
    summary: 'Experiments of a namespace, page by page',
    query: pageQuerySchema,
    responses: { 200: { description: `At most ${MAX_LIMIT} of them.`, schema: listSchema } },
    handle: (call) => list(options, call),
  };
}

async function list({ client, reportKey }: RestOptions, { params, query }: Call): Promise<Answer> {
  const { namespace } = params;
  const { items } = await client.list(EXPERIMENTS, { namespace });
  const page = pageOf(
    {
      objects: items,
      fields: experimentFields,
      view: experimentView,
      viewFields: EXPERIMENT_VIEW_FIELDS,
      key: reportKey,
      path: `experiments of ${namespace ?? '(all)'}`,
    },
    query as PageQuery,
  );
  return { status: 200, body: page };
}

function create({ client, dryRunClient, ...rest }: RestOptions): Route {
  return {
    method: 'post',
    path: COLLECTION,
    operationId: 'createExperiment',
    tag,
    summary: 'Create an experiment',
    description:
      'The body is the object that `kubectl apply` takes, in JSON or YAML. With an `Idempotency-Key` the same request again creates nothing again, even when the server has restarted in between.',
    query: dryRunSchema,
    body: experimentBodySchema,
    responses: { 201: { description: 'Created.', schema: experimentDetailsSchema } },
    async handle(call) {
      const experiment = readExperiment(rest, call, call.params['namespace']);
      const isDryRun = call.query['dryRun'] === 'All';
      const key = isDryRun ? undefined : call.headers['idempotency-key'];
      const created = await createExperiment(isDryRun ? dryRunClient : client, experiment, key);
      const answer = details(created.experiment, 201);
      return created.isReplayed ? replayed(answer) : answer;
    },
  };
}

function read({ client }: RestOptions): Route {
  return {
    method: 'get',
    path: EXPERIMENT_PATH,
    operationId: 'getExperiment',
    tag,
    summary: 'One experiment',
    description: 'Its ETag is what `If-Match` of a later change wants.',
    responses: { 200: { description: 'The experiment.', schema: experimentDetailsSchema } },
    handle: async ({ params }) => details(await findExperiment(client, params), 200),
  };
}

function change({ client, dryRunClient }: RestOptions): Route {
  return {
    method: 'patch',
    path: EXPERIMENT_PATH,
    operationId: 'patchExperiment',
    tag,
    summary: 'Change an experiment',
    description:
      'The body is a JSON merge patch (RFC 7386) of the manifest: counts (`{"spec":{"maxTrialCount":20}}`), `spec.desiredState`, labels and annotations may change.',
    query: dryRunSchema,
    body: z
      .looseObject({
        metadata: z.looseObject({}).optional(),
        spec: z.looseObject({}).optional(),
      })
      .meta({ id: 'ExperimentPatch', description: 'What is null is removed, what is absent stays.' }),
    bodyTypes: ['application/merge-patch+json', 'application/json', 'application/yaml'],
    needsIfMatch: true,
    responses: { 200: { description: 'The experiment as it is now.', schema: experimentDetailsSchema } },
    async handle({ params, body, headers, query }) {
      const seen = await experimentAtVersion(client, params, headers['if-match']);
      const patching = query['dryRun'] === 'All' ? dryRunClient : client;
      return details(await patchExperiment(patching, seen, isJsonObject(body) ? body : {}), 200);
    },
  };
}

function details(experiment: StoredExperiment, status: number): Answer {
  const headers = { etag: versionTag(experiment.metadata.resourceVersion) };
  return { status, body: experimentDetails(experiment), headers };
}
