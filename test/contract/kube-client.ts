import { describe } from 'vitest';
import { deletionCases } from './kube-client/deletion.ts';
import type { KubeClientSubject } from './kube-client/environment.ts';
import { garbageCollectionCases } from './kube-client/garbage-collection.ts';
import { listCases } from './kube-client/list.ts';
import { objectCases } from './kube-client/objects.ts';
import { patchCases } from './kube-client/patch.ts';
import { statusCases } from './kube-client/status.ts';
import { updateCases } from './kube-client/update.ts';
import { watchCases } from './kube-client/watch.ts';

export type { Capability, KubeClientEnvironment, KubeClientSubject } from './kube-client/environment.ts';

/**
 * The behaviour that every KubeClient has, whatever stands behind it: the embedded store, the embedded server over HTTP,
 * a real Kubernetes API server. A real one must pass without exception that is not written down in `skip`.
 */
export function kubeClientContract(subject: KubeClientSubject): void {
  describe(`KubeClient on ${subject.name}`, () => {
    objectCases(subject);
    updateCases(subject);
    statusCases(subject);
    patchCases(subject);
    listCases(subject);
    watchCases(subject);
    deletionCases(subject);
    garbageCollectionCases(subject);
  });
}
