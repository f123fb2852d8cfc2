import { checkpointsOf } from '../../core/checkpoints.ts';
import type { StoredExperiment } from '../../core/experiment.ts';
import { controllerReference, type KubeObject } from '../../core/kubernetes-object.ts';

/** Katib's size; a cluster may give more. */
const STORAGE = '1Gi';

/**
 * The claim that holds the checkpoint directories of an experiment's trials; undefined where its algorithm asks for none. Pods on
 * several nodes write to it. It goes with the experiment.
 */
export function checkpointClaimManifest(
  experiment: StoredExperiment,
): (KubeObject & { spec: object }) | undefined {
  const { name, namespace } = experiment.metadata;
  const checkpoints = checkpointsOf(name, experiment.spec.algorithm);
  if (!checkpoints) return undefined;
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: {
      name: checkpoints.claim,
      ...(namespace !== undefined && { namespace }),
      ownerReferences: [controllerReference(experiment)],
    },
    spec: { accessModes: ['ReadWriteMany'], resources: { requests: { storage: STORAGE } } },
  };
}
