import type { Experiment } from '../core/experiment.ts';
import type { KubeObject } from '../core/kubernetes-object.ts';
import type { Pod } from '../core/pod.ts';
import type { Suggestion } from '../core/suggestion.ts';
import type { Trial } from '../core/trial.ts';

/**
 * A kind of object that the API serves. `T` is a phantom: it carries the type of the objects, so that
 * `client.get(EXPERIMENTS, …)` returns an Experiment.
 */
export interface ResourceType<T extends KubeObject = KubeObject> {
  readonly apiVersion: string;
  readonly kind: string;
  readonly plural: string;
  readonly namespaced: boolean;
  /** `status` is written by `updateStatus` only, and other writes cannot touch it. */
  readonly hasStatus: boolean;
  readonly __type?: T;
}

function namespaced<T extends KubeObject>(
  apiVersion: string,
  kind: string,
  plural: string,
  hasStatus: boolean,
): ResourceType<T> {
  return { apiVersion, kind, plural, namespaced: true, hasStatus };
}

export interface ConfigMap extends KubeObject {
  data?: Record<string, string>;
  binaryData?: Record<string, string>;
}

export interface Secret extends KubeObject {
  /** Values in base64. */
  data?: Record<string, string>;
  /** Plain values, folded into `data` when the object is stored. */
  stringData?: Record<string, string>;
  type?: string;
}

export interface KubeEvent extends KubeObject {
  involvedObject: { apiVersion?: string; kind?: string; namespace?: string; name?: string; uid?: string };
  reason?: string;
  message?: string;
  type?: 'Normal' | 'Warning';
  count?: number;
  firstTimestamp?: string;
  lastTimestamp?: string;
  source?: { component?: string };
}

export const EXPERIMENTS = namespaced<Experiment>('kubeflow.org/v1beta1', 'Experiment', 'experiments', true);
export const TRIALS = namespaced<Trial>('kubeflow.org/v1beta1', 'Trial', 'trials', true);
export const SUGGESTIONS = namespaced<Suggestion>('kubeflow.org/v1beta1', 'Suggestion', 'suggestions', true);
export const PODS = namespaced<Pod>('v1', 'Pod', 'pods', true);
export const JOBS = namespaced<KubeObject>('batch/v1', 'Job', 'jobs', true);
export const TFJOBS = namespaced<KubeObject>('kubeflow.org/v1', 'TFJob', 'tfjobs', true);
/** The spelling of tf-operator 0.5: same plural, flat policies, in an API version of its own. */
export const TFJOBS_V1BETA2 = namespaced<KubeObject>('kubeflow.org/v1beta2', 'TFJob', 'tfjobs', true);
export const PYTORCHJOBS = namespaced<KubeObject>('kubeflow.org/v1', 'PyTorchJob', 'pytorchjobs', true);
export const SERVICES = namespaced<KubeObject>('v1', 'Service', 'services', true);
export const CONFIG_MAPS = namespaced<ConfigMap>('v1', 'ConfigMap', 'configmaps', false);
export const SECRETS = namespaced<Secret>('v1', 'Secret', 'secrets', false);
export const EVENTS = namespaced<KubeEvent>('v1', 'Event', 'events', false);
export const PERSISTENT_VOLUME_CLAIMS = namespaced<KubeObject>(
  'v1',
  'PersistentVolumeClaim',
  'persistentvolumeclaims',
  true,
);
export const LEASES = namespaced<KubeObject>('coordination.k8s.io/v1', 'Lease', 'leases', false);
export const NAMESPACES: ResourceType = {
  apiVersion: 'v1',
  kind: 'Namespace',
  plural: 'namespaces',
  namespaced: false,
  hasStatus: true,
};
export const CUSTOM_RESOURCE_DEFINITIONS: ResourceType = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  plural: 'customresourcedefinitions',
  namespaced: false,
  hasStatus: true,
};

/** Every kind that the embedded API serves. */
export const ALL_RESOURCES: readonly ResourceType[] = [
  EXPERIMENTS,
  TRIALS,
  SUGGESTIONS,
  PODS,
  JOBS,
  TFJOBS,
  TFJOBS_V1BETA2,
  PYTORCHJOBS,
  SERVICES,
  CONFIG_MAPS,
  SECRETS,
  EVENTS,
  PERSISTENT_VOLUME_CLAIMS,
  LEASES,
  NAMESPACES,
  CUSTOM_RESOURCE_DEFINITIONS,
];

/** The resource of an `apiVersion` and `kind`, or undefined where the embedded API does not serve it. */
export function findResource(apiVersion: string, kind: string): ResourceType | undefined {
  return ALL_RESOURCES.find((resource) => resource.apiVersion === apiVersion && resource.kind === kind);
}
