import type { KubeObject, Stored } from '../../core/kubernetes-object.ts';
import type { ResourceType } from '../../kube/resource.ts';

/** A write that is about to happen. Deletions and the garbage collector's own writes do not ask. */
export interface AdmissionRequest {
  /** `UPDATE_STATUS` changes nothing but `status`, the others everything but that. */
  readonly operation: 'CREATE' | 'UPDATE' | 'UPDATE_STATUS';
  readonly resource: ResourceType;
  /** The object as it would be stored: name and uid are decided. It may be changed in place. */
  readonly object: KubeObject;
  /** What is stored now; null for CREATE only. */
  readonly old: Stored<KubeObject> | null;
}

/**
 * Checks an object and fills in defaults before it is stored: what an admission webhook does on a cluster. Returns the
 * object to store; throws ApiError (Invalid, Forbidden) to refuse. Must be synchronous and must not call the store.
 */
export type Admission = (request: AdmissionRequest) => KubeObject;

export const admitAll: Admission = (request) => request.object;
