import type { TrialTemplate } from '../experiment.ts';
import { type JobKind, type JobPodTemplate, primaryPodTemplates } from '../job-kinds.ts';
import { isJsonObject, type JsonObject, valueAt } from '../json.ts';
import { podTemplateSchema } from '../pod-schema.ts';
import { type Issues, quoted, specIssue, type SpecPath } from './issue.ts';
import { checkJobFields, checkPodFields } from './misspelt-fields.ts';
import { checkReservedPodNames } from './reserved-names.ts';
import { schemaIssues } from './schema-issues.ts';
import { TEMPLATE_PATH } from './trial-parameters.ts';

/** Whether the pods of a job are there, can be told apart and have the container that trains. */
export function* checkPodTemplates(
  manifest: JsonObject,
  kind: JobKind,
  template: TrialTemplate,
  path: SpecPath,
): Issues {
  if (kind.podTemplateField === null) return;
  const all = kind.podTemplates(manifest);
  if (all.length === 0) {
    const message = `A ${kind.kind} has its pod template in ${kind.podTemplateField}, and there is none.`;
    yield specIssue('SPEC_TEMPLATE_INVALID', [...path, 'spec'], message, 'Add it.');
    return;
  }
  for (const pod of all) {
    yield* checkReservedPodNames(pod.template, [...path, ...pod.path]);
    yield* checkPodFields(pod.template, [...path, ...pod.path]);
    yield* checkPodTypes(pod.template, [...path, ...pod.path]);
  }
  if (kind.kind === 'Job') {
    yield* checkJobFields(manifest, path);
    yield* checkRestartPolicy(manifest, path);
  }
  yield* checkPrimaryContainer(manifest, kind, template, path);
}

/** Said here, it is said once and before the first trial; the operator would refuse the job of each. */
export function* checkPodTypes(template: unknown, path: SpecPath): Issues {
  const { error } = podTemplateSchema.safeParse(template);
  if (!error) return;
  for (const issue of schemaIssues(podTemplateSchema, template, error)) {
    yield { ...issue, path: [...path, ...issue.path] };
  }
}

function* checkPrimaryContainer(
  manifest: JsonObject,
  kind: JobKind,
  template: TrialTemplate,
  path: SpecPath,
): Issues {
  const labels = template.primaryPodLabels ?? kind.primaryPodLabels;
  const primary = primaryPodTemplates(kind, manifest, labels);
  const [first] = primary;
  if (!first) {
    const labelText = Object.entries(labels).map(([label, value]) => `${label}=${value}`);
    const message = `No pod of this ${kind.kind} has the labels ${labelText.join(', ')} that mark the primary pod.`;
    const remedy =
      'Write primaryPodLabels that one pod has, for example training.kubeflow.org/replica-type: worker and training.kubeflow.org/replica-index: "0".';
    yield specIssue('SPEC_PRIMARY_POD_MISSING', [...TEMPLATE_PATH, 'primaryPodLabels'], message, remedy);
    return;
  }
  const wanted = template.primaryContainerName;
  if (!wanted || primary.some((pod) => containerNames(pod).includes(wanted))) return;
  const names = primary.flatMap(containerNames);
  if (names.length === 0) {
    const message = 'The pod template has no containers.';
    const containersPath = [...path, ...first.path, 'spec', 'containers'];
    yield specIssue('SPEC_TEMPLATE_INVALID', containersPath, message, 'Add the container that trains.');
    return;
  }
  const message = `The primary pod has no container ${quoted(wanted)}.`;
  const remedy = `Write ${[...new Set(names)].map(quoted).join(' or ')}, or rename the container.`;
  yield specIssue(
    'SPEC_PRIMARY_CONTAINER_MISSING',
    [...TEMPLATE_PATH, 'primaryContainerName'],
    message,
    remedy,
  );
}

function containerNames({ template }: JobPodTemplate): string[] {
  const containers: unknown = valueAt(template, ['spec', 'containers']);
  if (!Array.isArray(containers)) return [];
  return containers.flatMap((container: unknown) =>
    isJsonObject(container) && typeof container.name === 'string' ? [container.name] : [],
  );
}

/** Kubernetes refuses a Job whose pods restart for ever; said here, it is said before the first trial. */
function* checkRestartPolicy(manifest: JsonObject, path: SpecPath): Issues {
  const policyPath = ['spec', 'template', 'spec', 'restartPolicy'];
  const policy = valueAt(manifest, policyPath);
  if (policy === 'Never' || policy === 'OnFailure') return;
  const what = typeof policy === 'string' ? `is ${quoted(policy)}` : 'is missing';
  const message = `restartPolicy ${what}, but the pods of a Job must end.`;
  yield specIssue('SPEC_TEMPLATE_INVALID', [...path, ...policyPath], message, 'Write restartPolicy: Never.');
}
