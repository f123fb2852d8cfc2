import {
  CONFIG_MAPS,
  CUSTOM_RESOURCE_DEFINITIONS,
  EVENTS,
  EXPERIMENTS,
  JOBS,
  NAMESPACES,
  PERSISTENT_VOLUME_CLAIMS,
  PODS,
  PYTORCHJOBS,
  type ResourceType,
  SERVICES,
  SUGGESTIONS,
  TFJOBS,
  TFJOBS_V1BETA2,
  TRIALS,
} from '../../kube/resource.ts';

/** By which other names people may call a kind on kubectl's command line. */
export interface KindNames {
  readonly singular: string;
  readonly shortNames: readonly string[];
  /** Groups of kinds: `kubectl get katib`. */
  readonly categories: readonly string[];
}

const KATIB = ['all', 'kubeflow', 'katib'];

const SHORT_NAMES = new Map<ResourceType, readonly string[]>([
  [PODS, ['po']],
  [SERVICES, ['svc']],
  [CONFIG_MAPS, ['cm']],
  [EVENTS, ['ev']],
  [PERSISTENT_VOLUME_CLAIMS, ['pvc']],
  [NAMESPACES, ['ns']],
  [CUSTOM_RESOURCE_DEFINITIONS, ['crd', 'crds']],
]);

const CATEGORIES = new Map<ResourceType, readonly string[]>([
  [EXPERIMENTS, KATIB],
  [TRIALS, KATIB],
  [SUGGESTIONS, KATIB],
  [TFJOBS, ['all']],
  [TFJOBS_V1BETA2, ['all']],
  [PYTORCHJOBS, ['all']],
  [PODS, ['all']],
  [SERVICES, ['all']],
  [JOBS, ['all']],
  [CUSTOM_RESOURCE_DEFINITIONS, ['api-extensions']],
]);

/** As in the CustomResourceDefinitions and as Kubernetes names its own kinds. */
export function kindNames(resource: ResourceType): KindNames {
  return {
    singular: resource.kind.toLowerCase(),
    shortNames: SHORT_NAMES.get(resource) ?? [],
    categories: CATEGORIES.get(resource) ?? [],
  };
}
