import { z } from 'zod';
import type { StoredExperiment } from '../../core/experiment.ts';
import type { KubeClient, ObjectRef } from '../../kube/client.ts';
import { experimentRef, findExperiment, findTrial } from '../find-object.ts';
import type { RestOptions } from '../rest-options.ts';
import type { Answer, Route } from '../route.ts';
import { TRIAL_PATH } from '../trials/trial-routes.ts';
import { experimentAtVersion } from './change-experiment.ts';
import { EXPERIMENT_PATH } from './experiment-routes.ts';
import { experimentView, experimentViewSchema } from './experiment-view.ts';

/** What a verb did: repeating it is harmless, and then changes nothing. */
export interface VerbResult {
  readonly experiment: StoredExperiment;
  readonly changed: boolean;
  /** Sentences: what was done, and what goes on or stays. */
  readonly did: readonly string[];
  readonly left: readonly string[];
}

export type DesiredVerb = 'pause' | 'resume' | 'stop' | 'cancel';

export interface Extension {
  readonly maxTrials?: { readonly to: number } | { readonly by: number };
  readonly parallelTrials?: number;
  readonly maxFailedTrials?: number;
}

/** What is done to experiments, by REST and by the command. Each rejects with KatydidError or ApiError. */
export interface ExperimentVerbs {
  changeDesiredState(client: KubeClient, ref: ObjectRef, verb: DesiredVerb): Promise<VerbResult>;
  extendExperiment(client: KubeClient, ref: ObjectRef, extension: Extension): Promise<VerbResult>;
  deleteExperiment(client: KubeClient, ref: ObjectRef): Promise<VerbResult>;
  stopTrial(client: KubeClient, ref: ObjectRef): Promise<VerbResult>;
}

const SUMMARIES: Readonly<Record<DesiredVerb, string>> = {
  pause: 'Start no further trial; those that run go on',
  resume: 'Go on with an experiment that was paused, stopped or cancelled',
  stop: 'Start no further trial, and end when those that run have ended',
  cancel: 'Kill the trials that run, and end',
};

const resultSchema = z
  .strictObject({
    changed: z.boolean().describe('False where everything was so already.'),
    did: z.array(z.string()).describe('What was done, in sentences.'),
    left: z.array(z.string()).describe('What goes on or stays, in sentences.'),
    experiment: experimentViewSchema,
  })
  .meta({ id: 'VerbResult' });
const responses = {
  200: { description: 'What was done, and the experiment as it is now.', schema: resultSchema },
};

const wholeNumber = z.int32().min(1);
const extensionSchema = z
  .strictObject({
    maxTrials: z
      .union([z.strictObject({ to: wholeNumber }), z.strictObject({ by: wholeNumber })])
      .optional()
      .describe('`{"to": 20}` sets the limit of all trials, `{"by": 5}` raises it.'),
    parallelTrials: wholeNumber.optional().describe('How many trials run at the same time.'),
    maxFailedTrials: z.int32().min(0).optional().describe('With so many failed trials the experiment fails.'),
  })
  .meta({ id: 'Extension' });

/** The verbs of experiments and trials, which the command has under the same names. */
export function verbRoutes({ client }: RestOptions, verbs: ExperimentVerbs): Route[] {
  const desired = (['pause', 'resume', 'stop', 'cancel'] as const).map((verb): Route => ({
    method: 'post',
    path: `${EXPERIMENT_PATH}:${verb}`,
    operationId: `${verb}Experiment`,
    tag: 'experiments',
    summary: SUMMARIES[verb],
    responses,
    async handle({ params }) {
      await findExperiment(client, params);
      return answer(await verbs.changeDesiredState(client, experimentRef(params), verb));
    },
  }));
  return [...desired, extend(client, verbs), remove(client, verbs), stopTrial(client, verbs)];
}

function extend(client: KubeClient, verbs: ExperimentVerbs): Route {
  return {
    method: 'post',
    path: `${EXPERIMENT_PATH}:extend`,
    operationId: 'extendExperiment',
    tag: 'experiments',
    summary: 'Give an experiment more trials, or let more of them run or fail',
    description:
      'Send an `Idempotency-Key` with `by`: without, the same request again raises the limit again.',
    body: extensionSchema,
    responses,
    async handle({ params, body }) {
      await findExperiment(client, params);
      return answer(await verbs.extendExperiment(client, experimentRef(params), body as Extension));
    },
  };
}

function remove(client: KubeClient, verbs: ExperimentVerbs): Route {
  return {
    method: 'delete',
    path: EXPERIMENT_PATH,
    operationId: 'deleteExperiment',
    tag: 'experiments',
    summary: 'Delete an experiment with its trials and all that they reported',
    description: 'With `If-Match`, only the version that it names is deleted.',
    responses: { 200: { description: 'What was done, and the experiment as it was.', schema: resultSchema } },
    async handle({ params, headers }) {
      await experimentAtVersion(client, params, headers['if-match']);
      return answer(await verbs.deleteExperiment(client, experimentRef(params)));
    },
  };
}

function stopTrial(client: KubeClient, verbs: ExperimentVerbs): Route {
  return {
    method: 'post',
    path: `${TRIAL_PATH}:stop`,
    operationId: 'stopTrial',
    tag: 'trials',
    summary: 'Kill a trial; its experiment goes on',
    responses,
    async handle({ params }) {
      const { metadata } = await findTrial(client, params);
      return answer(await verbs.stopTrial(client, { namespace: metadata.namespace, name: metadata.name }));
    },
  };
}

function answer({ experiment, changed, did, left }: VerbResult): Answer {
  return { status: 200, body: { changed, did, left, experiment: experimentView(experiment) } };
}
