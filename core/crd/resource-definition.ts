import type { z } from 'zod';
import { experimentSchema } from '../experiment.ts';
import { isJsonObject, type JsonObject } from '../json.ts';
import { suggestionSchema } from '../suggestion.ts';
import { trialSchema } from '../trial.ts';
import { AGE_COLUMN, defineResource, type PrinterColumn } from './define-resource.ts';
import { EXPERIMENT_RULES, type ValidationRule } from './experiment-rules.ts';
import { type StructuralSchema, structuralSchema } from './structural-schema.ts';

const GROUP = 'kubeflow.org';
const VERSION = 'v1beta1';

/** The state of an object is the type of its last condition: Katib's rule. */
const STATE_COLUMNS: readonly PrinterColumn[] = [
  { name: 'Type', type: 'string', jsonPath: '.status.conditions[-1:].type' },
  { name: 'Status', type: 'string', jsonPath: '.status.conditions[-1:].status' },
];
const COUNT_COLUMNS: readonly PrinterColumn[] = [
  { name: 'Requested', type: 'string', jsonPath: '.spec.requests' },
  { name: 'Assigned', type: 'string', jsonPath: '.status.suggestionCount' },
];

/** The CustomResourceDefinitions of Experiment, Trial and Suggestion, by file name without its ending. */
export function resourceDefinitions(): Record<'experiments' | 'trials' | 'suggestions', JsonObject> {
  return {
    experiments: definition('experiment', [...STATE_COLUMNS, AGE_COLUMN], experimentSchema, EXPERIMENT_RULES),
    trials: definition('trial', [...STATE_COLUMNS, AGE_COLUMN], trialSchema),
    suggestions: definition('suggestion', [...STATE_COLUMNS, ...COUNT_COLUMNS, AGE_COLUMN], suggestionSchema),
  };
}

function definition(
  singular: string,
  columns: readonly PrinterColumn[],
  schema: z.ZodType,
  rules: Readonly<Record<string, readonly ValidationRule[]>> = {},
): JsonObject {
  return defineResource({
    group: GROUP,
    kind: `${singular.charAt(0).toUpperCase()}${singular.slice(1)}`,
    singular,
    categories: ['all', 'kubeflow', 'katib'],
    versions: [{ name: VERSION, schema: withRules(structuralSchema(schema), rules), columns }],
  });
}

function withRules(
  schema: StructuralSchema,
  rules: Readonly<Record<string, readonly ValidationRule[]>>,
): StructuralSchema {
  const copy = structuredClone(schema);
  for (const [place, list] of Object.entries(rules)) {
    schemaOf(copy, place)['x-kubernetes-validations'] = list.map((rule) => ({ ...rule }));
  }
  return copy;
}

/** The schema at a place such as `spec.parameters[]`; the root's at the empty one. */
function schemaOf(root: StructuralSchema, place: string): StructuralSchema {
  const steps = place === '' ? [] : place.split('.');
  return steps.reduce<StructuralSchema>((schema, step) => {
    const field = step.replace('[]', '');
    const properties = isJsonObject(schema.properties) ? schema.properties : {};
    const found = properties[field];
    const target = step.endsWith('[]') && isJsonObject(found) ? found.items : found;
    if (!isJsonObject(target)) throw new Error(`there is no schema at ${place}`);
    return target;
  }, root);
}
