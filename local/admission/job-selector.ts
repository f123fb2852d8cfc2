import { isJsonObject } from '../../core/json.ts';
import type { KubeObject } from '../../core/kubernetes-object.ts';
import { CONTROLLER_UID_LABEL } from '../../core/labels.ts';

/**
 * The Job with the selector that Kubernetes gives it: clients find its pods by it (`kubectl logs job/x`), and take those of
 * everybody where there is none.
 */
export function withJobSelector(job: KubeObject): KubeObject {
  const { spec } = job as { spec?: unknown };
  const { uid } = job.metadata;
  if (!isJsonObject(spec) || uid === undefined) return job;
  if (spec['selector'] != null || spec['manualSelector'] === true) return job;
  const selector = { matchLabels: { [CONTROLLER_UID_LABEL]: uid } };
  return { ...job, spec: { ...spec, selector } } as KubeObject;
}
