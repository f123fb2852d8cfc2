import { isJsonObject } from '../../core/json.ts';
import type { KubeObject } from '../../core/kubernetes-object.ts';

/** The label by which the pods of a Job know it; operators set it. */
const CONTROLLER_UID = 'batch.kubernetes.io/controller-uid';

/**
 * The Job with the selector that Kubernetes gives it: clients find its pods by it (`kubectl logs job/x`), and take those of
 * everybody where there is none.
 */
export function withJobSelector(job: KubeObject): KubeObject {
  const { spec } = job as { spec?: unknown };
  const { uid } = job.metadata;
  if (!isJsonObject(spec) || uid === undefined) return job;
  if (spec['selector'] != null || spec['manualSelector'] === true) return job;
  const selector = { matchLabels: { [CONTROLLER_UID]: uid } };
  return { ...job, spec: { ...spec, selector } } as KubeObject;
}
