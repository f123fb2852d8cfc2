import { z } from 'zod';
import type { StoredSuggestion } from '../../core/suggestion.ts';
import { parametersSchema, parametersView } from '../trials/trial-values.ts';

export const suggestionSchema = z
  .strictObject({
    name: z.string(),
    namespace: z.string(),
    algorithm: z.string(),
    choice: z
      .strictObject({ algorithm: z.string(), reason: z.string() })
      .nullable()
      .describe('Of `auto`: to which algorithm the last request was left, and why. Otherwise null.'),
    requested: z.int().min(0).describe('Suggestions that were asked for in all.'),
    given: z
      .int()
      .min(0)
      .describe('Suggestions that were given in all: each is a trial, or about to become one.'),
    exhausted: z.boolean().describe('The search space is used up.'),
    open: z
      .array(z.strictObject({ trial: z.string(), params: parametersSchema }))
      .describe('Suggestions that no trial has taken up yet.'),
    manifest: z.record(z.string(), z.unknown()).describe('The whole object, as kubectl shows it.'),
  })
  .meta({ id: 'Suggestion' });

export function suggestionView(suggestion: StoredSuggestion): z.infer<typeof suggestionSchema> {
  const { metadata, spec, status = {} } = suggestion;
  return {
    name: metadata.name,
    namespace: metadata.namespace ?? 'default',
    algorithm: spec.algorithm.algorithmName,
    choice: status.algorithmChoice
      ? { algorithm: status.algorithmChoice.algorithmName, reason: status.algorithmChoice.reason }
      : null,
    requested: spec.requests ?? 0,
    given: status.suggestionCount ?? 0,
    exhausted: status.exhausted ?? false,
    open: (status.suggestions ?? []).map(({ name, parameterAssignments = [] }) => ({
      trial: name,
      params: parametersView(parameterAssignments),
    })),
    manifest: { ...suggestion },
  };
}
