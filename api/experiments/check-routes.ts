import { z } from 'zod';
import { withDefaults } from '../../core/defaults.ts';
import type { Experiment } from '../../core/experiment.ts';
import { previewExperiment } from '../../experiments/preview.ts';
import type { CompanionObject } from '../../experiments/companion-object.ts';
import { isApiError } from '../../kube/api-error.ts';
import type { KubeClient } from '../../kube/client.ts';
import { CONFIG_MAPS } from '../../kube/resource.ts';
import { jsonPointer } from '../problem/problem-document.ts';
import type { RestOptions } from '../rest-options.ts';
import type { Route } from '../route.ts';
import { parametersSchema, parametersView } from '../trials/trial-values.ts';
import { experimentBodySchema } from './experiment-body.ts';
import { checkExperiment, readExperiment } from './read-experiment.ts';

const tag = 'experiments';
const MAX_PREVIEWED = 100;
const DEFAULT_PREVIEWED = 5;

/** What can be known of an experiment before it exists. Nothing is stored. */
export function checkRoutes(options: RestOptions): Route[] {
  return [validate(options), preview(options)];
}

const issueSchema = z
  .strictObject({
    code: z.string(),
    pointer: z.string(),
    line: z.int().optional(),
    column: z.int().optional(),
    message: z.string(),
    hint: z.string(),
  })
  .meta({ id: 'SpecIssue' });

function validate(options: RestOptions): Route {
  return {
    method: 'post',
    path: '/experiments:validate',
    operationId: 'validateExperiment',
    tag,
    summary: 'Everything that is wrong with an experiment',
    body: experimentBodySchema,
    responses: {
      200: {
        description: 'The check is done, whatever it found.',
        schema: z
          .strictObject({ valid: z.boolean(), errors: z.array(issueSchema) })
          .meta({ id: 'ExperimentValidation' }),
      },
    },
    handle(call) {
      const { experiment, issues } = checkExperiment(options, call);
      const errors = issues.map(({ code, path, message, remedy }) => ({
        code,
        pointer: jsonPointer(path),
        ...call.source?.positionOf(path),
        message,
        hint: remedy,
      }));
      return Promise.resolve({ status: 200, body: { valid: experiment !== null, errors } });
    },
  };
}

function preview(options: RestOptions): Route {
  return {
    method: 'post',
    path: '/experiments:preview',
    operationId: 'previewExperiment',
    tag,
    summary: 'The first suggestions, and the job that the first trial would become',
    query: z.object({
      count: z
        .string()
        .regex(/^\d{1,3}$/, `a whole number from 1 to ${MAX_PREVIEWED} is needed`)
        .transform(Number)
        .pipe(z.number().min(1, 'the smallest is 1').max(MAX_PREVIEWED, `the largest is ${MAX_PREVIEWED}`))
        .optional()
        .describe(`How many suggestions; ${DEFAULT_PREVIEWED} where absent.`),
    }),
    body: experimentBodySchema,
    responses: {
      200: {
        description: 'What the experiment would begin with.',
        schema: z
          .strictObject({
            experiment: z.string(),
            algorithm: z.string(),
            maxTrials: z.int().nullable(),
            combinations: z
              .number()
              .nullable()
              .describe('How many points the search space has; null where it is continuous.'),
            suggestions: z.array(z.strictObject({ trial: z.string(), params: parametersSchema })),
            exhausted: z.boolean().describe('The space has fewer points than were asked for.'),
            firstTrial: z
              .record(z.string(), z.unknown())
              .nullable()
              .describe('The job of the first trial, before the metrics collector is added.'),
          })
          .meta({ id: 'ExperimentPreview' }),
      },
    },
    async handle(call) {
      const experiment = withDefaults(readExperiment(options, call));
      const count = Number(call.query['count'] ?? DEFAULT_PREVIEWED);
      const others = await templateSource(options.client, experiment);
      const { suggestions, ...rest } = await previewExperiment(experiment, others, count);
      const shown = suggestions.map(({ trial, parameterAssignments }) => ({
        trial,
        params: parametersView(parameterAssignments),
      }));
      return { status: 200, body: { ...rest, suggestions: shown } };
    },
  };
}

/** The ConfigMap that holds the trial template, where it is in one that is stored here. */
async function templateSource(client: KubeClient, { spec }: Experiment): Promise<CompanionObject[]> {
  const { configMap } = spec.trialTemplate;
  if (!configMap) return [];
  const ref = { namespace: configMap.configMapNamespace, name: configMap.configMapName };
  try {
    return [{ resource: CONFIG_MAPS, object: await client.get(CONFIG_MAPS, ref) }];
  } catch (error) {
    if (isApiError(error, 'NotFound')) return [];
    throw error;
  }
}
