import { z } from 'zod';
import { DEFAULT_IMPORTANCE_SETTINGS } from '../../algorithms/importance/importance.ts';
import {
  DEFAULT_IMPORTANCE_EVALUATOR,
  IMPORTANCE_EVALUATORS,
  importanceEvaluator,
} from '../../algorithms/importance/registry.ts';
import {
  importanceRequest,
  type ImportanceRequest,
} from '../../experiments/importance/importance-request.ts';
import { createImportances } from '../../experiments/importance/importances.ts';
import { findExperiment } from '../find-object.ts';
import { Problem } from '../problem/problem.ts';
import type { RestOptions } from '../rest-options.ts';
import type { Route } from '../route.ts';
import type { TrialIndex } from '../trials/trial-index.ts';

const part = z.number().min(0).max(1);

const querySchema = z.object({
  evaluator: z
    .enum(IMPORTANCE_EVALUATORS.map(({ name }) => name))
    .default(DEFAULT_IMPORTANCE_EVALUATOR.name)
    .describe('How it is found out.'),
  target: z.coerce
    .number()
    .gt(0)
    .lt(1)
    .optional()
    .describe(
      `Of the trials, the best that count as good; ${DEFAULT_IMPORTANCE_SETTINGS.target} where absent. For pedanova.`,
    ),
  region: z.coerce
    .number()
    .gt(0)
    .max(1)
    .optional()
    .describe(
      `Of the trials, the best with which the good ones are compared; ${DEFAULT_IMPORTANCE_SETTINGS.region} where absent. For pedanova.`,
    ),
});

const importancesSchema = z
  .strictObject({
    evaluator: z.string(),
    meaning: z.string().describe('What a share says.'),
    trials: z.int().min(0).describe('Trials from which it follows: those that have a result.'),
    compared: z
      .strictObject({ good: z.int().min(1), all: z.int().min(1) })
      .nullable()
      .describe(
        'How many trials count as good, and with how many of the best they are compared; null for fanova, and where nothing can be said.',
      ),
    importances: z
      .array(
        z.strictObject({
          parameter: z.string(),
          share: part,
          deviation: z
            .number()
            .min(0)
            .describe('The standard deviation of the share: so far off it may well be.'),
        }),
      )
      .describe('The greatest first; the shares make 1. Empty where nothing can be said: notes say why.'),
    explained: part
      .nullable()
      .describe('The part of the variance that parameters bring each by itself; null for pedanova.'),
    interactions: z
      .array(z.strictObject({ parameters: z.array(z.string()).length(2), share: part }))
      .describe('What two parameters bring together beyond that, of all the variance. For fanova.'),
    notes: z.array(z.string()).describe('What to be careful of.'),
  })
  .meta({ id: 'Importances' });

export function importanceRoute({ client }: RestOptions, trials: TrialIndex): Route {
  const importances = createImportances();
  return {
    method: 'get',
    path: '/namespaces/{namespace}/experiments/{experiment}/importances',
    operationId: 'getImportances',
    tag: 'results',
    summary: 'How much each parameter matters',
    description: [
      ...IMPORTANCE_EVALUATORS.map(({ summary }) => summary),
      'An answer is kept until another trial has ended. See docs/importance.md.',
    ].join(' '),
    query: querySchema,
    responses: { 200: { description: 'What was found.', schema: importancesSchema } },
    async handle({ params, query }) {
      const request = requestOf(query as z.infer<typeof querySchema>);
      const experiment = await findExperiment(client, params);
      const report = await importances.of(experiment, await trials.trialsOf(experiment), request);
      return { status: 200, body: { ...report, meaning: request.evaluator.meaning } };
    },
  };
}

/** @throws Problem REST_PARAMETER_INVALID for settings that do not go together. */
function requestOf({ evaluator, ...given }: z.infer<typeof querySchema>): ImportanceRequest {
  const request = importanceRequest(importanceEvaluator(evaluator) ?? DEFAULT_IMPORTANCE_EVALUATOR, given);
  if (!('refusal' in request)) return request;
  const { setting, message, remedy } = request.refusal;
  throw new Problem('REST_PARAMETER_INVALID', `${setting}: ${message}`, { hint: remedy });
}
