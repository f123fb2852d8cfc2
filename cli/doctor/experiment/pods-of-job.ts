import { valueAt } from '../../../core/json.ts';
import { jobKind, type JobPodTemplate } from '../../../core/job-kinds.ts';
import { TRIAL_LABEL } from '../../../core/labels.ts';
import type { PodSpec, StoredPod } from '../../../core/pod.ts';

/** A pod that an operator would make of a job, and how many like it. */
export interface JobPod {
  readonly pod: StoredPod;
  readonly replicas: number;
}

/** The pods of a job, one for each of its templates. None for kinds whose pods cannot be known. */
export function podsOfJob(job: Record<string, unknown>): JobPod[] {
  const templates = jobKind(String(job['kind']))?.podTemplates(job) ?? [];
  return templates.flatMap((template) => {
    const { spec } = template.template;
    return spec ? [{ pod: podOf(job, template, spec), replicas: replicasOf(job, template) }] : [];
  });
}

function podOf(
  job: Record<string, unknown>,
  { replicaType, template }: JobPodTemplate,
  spec: PodSpec,
): StoredPod {
  // Rendering has set them.
  const { name: jobName, namespace } = job['metadata'] as { name: string; namespace: string };
  const name = replicaType === null ? `${jobName}-0` : `${jobName}-${replicaType.toLowerCase()}-0`;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      ...template.metadata,
      name,
      namespace: namespace === '' ? 'default' : namespace,
      uid: name,
      resourceVersion: '',
      creationTimestamp: '',
      labels: { ...template.metadata?.labels, [TRIAL_LABEL]: jobName },
    },
    spec,
  };
}

/** `replicas` beside the template, or `parallelism` of a batch Job. */
function replicasOf(job: Record<string, unknown>, { path, replicaType }: JobPodTemplate): number {
  const field = replicaType === null ? 'parallelism' : 'replicas';
  const count = valueAt(job, [...path.slice(0, -1), field].map(String));
  return typeof count === 'number' ? count : 1;
}
