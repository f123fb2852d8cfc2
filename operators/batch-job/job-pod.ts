import { CONTROLLER_UID_LABEL } from '../../core/labels.ts';
import type { Container, Pod } from '../../core/pod.ts';
import { podOf } from '../pod-template.ts';
import { ATTEMPT_ANNOTATION, COMPLETION_INDEX_KEY } from './attempts.ts';
import type { Start } from './scheduling.ts';
import type { BatchJobSpec, StoredBatchJob } from './types.ts';

/** The pod of one attempt. Its name follows from the number, so that a repeat cannot make a second one. */
export function jobPod(job: StoredBatchJob, spec: BatchJobSpec, { number, completionIndex }: Start): Pod {
  const { name, uid } = job.metadata;
  const index = completionIndex === null ? {} : { [COMPLETION_INDEX_KEY]: String(completionIndex) };
  const podName = completionIndex === null ? `${name}-${number}` : `${name}-${completionIndex}-${number}`;
  return podOf(job, podName, spec.template, {
    labels: {
      [CONTROLLER_UID_LABEL]: uid,
      'batch.kubernetes.io/job-name': name,
      'controller-uid': uid,
      'job-name': name,
      ...index,
    },
    annotations: { [ATTEMPT_ANNOTATION]: String(number), ...index },
    spec: completionIndex === null ? spec.template.spec : indexedSpec(name, spec, completionIndex),
  });
}

function indexedSpec(job: string, { template }: BatchJobSpec, completionIndex: number): Pod['spec'] {
  const withIndex = (container: Container): Container => ({
    ...container,
    env: [...(container.env ?? []), { name: 'JOB_COMPLETION_INDEX', value: String(completionIndex) }],
  });
  const { containers, initContainers } = template.spec;
  return {
    ...template.spec,
    hostname: `${job}-${completionIndex}`,
    containers: containers.map(withIndex),
    ...(initContainers && { initContainers: initContainers.map(withIndex) }),
  };
}
