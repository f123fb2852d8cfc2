import { z } from 'zod';
import { replayRules, ruleOf, rulesToReplay } from '../../experiments/replay.ts';
import { findExperiment } from '../find-object.ts';
import { Problem } from '../problem/problem.ts';
import type { RestOptions } from '../rest-options.ts';
import type { Route } from '../route.ts';
import type { TrialIndex } from '../trials/trial-index.ts';
import { orderedTrials } from './ordered-trials.ts';

const querySchema = z.object({
  rule: z
    .string()
    .optional()
    .describe(
      "`algorithmName` of an early stopper. Absent: the experiment's own, and all that need no setting.",
    ),
  settings: z
    .string()
    .optional()
    .describe('Settings of the rule, with commas between: `start_step=2,min_trials_required=1`.'),
});

const number = z.number().nullable();

const replaySchema = z
  .strictObject({
    rule: z.string(),
    settings: z.record(z.string(), z.string()),
    trials: z.number().describe('Trials that have reported the objective.'),
    stopped: z.number(),
    reports: z.number(),
    reportsSaved: z.number(),
    secondsSaved: z.number().describe('Between the stops and the last reports.'),
    best: z
      .strictObject({ trial: z.string(), value: number, stoppedAtStep: number })
      .nullable()
      .describe('The best trial; null where none has a number.'),
    isBestLost: z
      .boolean()
      .describe('The best trial would have been stopped before it was as good as it became.'),
    bestValue: number.describe('The best value with the rule.'),
    stops: z.array(
      z.strictObject({
        trial: z.string(),
        step: z.number(),
        value: number.describe('What was compared; null where the trial had reported no number.'),
        threshold: number,
        peers: z.number().describe('How many other trials it was compared with.'),
        reason: z.string(),
        reports: z.number(),
        reportsSaved: z.number(),
        secondsSaved: z.number(),
        finalValue: number.describe('What stood for the trial in the end.'),
      }),
    ),
  })
  .meta({ id: 'EarlyStoppingReplay' });

export function replayRoute({ client, observations }: RestOptions, trials: TrialIndex): Route {
  return {
    method: 'get',
    path: '/namespaces/{namespace}/experiments/{experiment}/replay',
    operationId: 'replayEarlyStopping',
    tag: 'results',
    summary: 'What an early stopper would have done to the trials',
    description:
      'The reports of all trials are put to the rule in the order of their times; a trial that it stops makes no further ones.',
    query: querySchema,
    responses: {
      200: {
        description: 'One for each rule.',
        schema: z.strictObject({ items: z.array(replaySchema) }).meta({ id: 'EarlyStoppingReplayList' }),
      },
    },
    async handle({ params, query }) {
      const experiment = await findExperiment(client, params);
      const { rule, settings } = query as z.infer<typeof querySchema>;
      const given = readSettings(settings);
      if (rule === undefined && given.length > 0) {
        const hint = 'Name the rule that they are settings of.';
        throw new Problem('REST_PARAMETER_INVALID', 'settings: There is no rule.', { hint });
      }
      const rules = rulesToReplay(experiment, rule === undefined ? null : ruleOf(rule, given));
      const ordered = await orderedTrials(trials, experiment);
      return { status: 200, body: { items: await replayRules(observations, experiment, ordered, rules) } };
    },
  };
}

function readSettings(text: string | undefined): (readonly [string, string])[] {
  if (text === undefined || text === '') return [];
  return text.split(',').map((part) => {
    const at = part.indexOf('=');
    if (at > 0) return [part.slice(0, at), part.slice(at + 1)] as const;
    const hint = 'Write name=value, with commas between.';
    throw new Problem('REST_PARAMETER_INVALID', `settings: ${JSON.stringify(part)} is no setting.`, { hint });
  });
}
