import { isJsonObject, type JsonObject, valueAt } from '../json.ts';
import {
  COLLECTOR_CONTAINER,
  EXPERIMENT_LABEL,
  OWN_ANNOTATION_PREFIX,
  TRIAL_LABEL,
  TRIAL_NAME_VARIABLE,
} from '../labels.ts';
import { type Issues, specIssue, type SpecPath } from './issue.ts';

const RESERVED_LABELS: readonly string[] = [EXPERIMENT_LABEL, TRIAL_LABEL];

/** Metadata of the job that every trial sets for itself. */
export function* checkReservedMetadata(manifest: JsonObject, path: SpecPath): Issues {
  for (const field of ['name', 'namespace']) {
    if (valueAt(manifest, ['metadata', field]) === undefined) continue;
    const message = `The template sets metadata.${field}, but every trial's job gets name and namespace of its trial.`;
    const remedy = 'Remove it; ${trialSpec.Name} as a trial parameter gives the name to the training.';
    yield specIssue('SPEC_TEMPLATE_METADATA', [...path, 'metadata', field], message, remedy);
  }
  yield* checkLabels(manifest, path);
}

export function* checkReservedPodNames(template: unknown, path: SpecPath): Issues {
  yield* checkLabels(template, path);
  for (const field of ['containers', 'initContainers']) {
    const containers = valueAt(template, ['spec', field]);
    if (!Array.isArray(containers)) continue;
    for (const [index, container] of containers.entries()) {
      yield* checkContainer(container, [...path, 'spec', field, index]);
    }
  }
}

function* checkLabels(object: unknown, path: SpecPath): Issues {
  for (const label of RESERVED_LABELS) {
    if (valueAt(object, ['metadata', 'labels', label]) === undefined) continue;
    yield reserved(`The label ${label}`, [...path, 'metadata', 'labels', label]);
  }
  const annotations = valueAt(object, ['metadata', 'annotations']);
  for (const annotation of isJsonObject(annotations) ? Object.keys(annotations) : []) {
    if (!annotation.startsWith(OWN_ANNOTATION_PREFIX)) continue;
    yield reserved(`The annotation ${annotation}`, [...path, 'metadata', 'annotations', annotation]);
  }
}

function* checkContainer(container: unknown, path: SpecPath): Issues {
  if (valueAt(container, ['name']) === COLLECTOR_CONTAINER) {
    yield reserved(`The container name ${COLLECTOR_CONTAINER}`, [...path, 'name']);
  }
  const variables = valueAt(container, ['env']);
  if (!Array.isArray(variables)) return;
  for (const [index, variable] of variables.entries()) {
    if (valueAt(variable, ['name']) !== TRIAL_NAME_VARIABLE) continue;
    yield reserved(`The environment variable ${TRIAL_NAME_VARIABLE}`, [...path, 'env', index, 'name']);
  }
}

function reserved(what: string, path: SpecPath): ReturnType<typeof specIssue> {
  return specIssue(
    'SPEC_RESERVED_NAME',
    path,
    `${what} is reserved: every trial sets it.`,
    'Choose another name.',
  );
}
