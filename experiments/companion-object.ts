import type { KubeObject } from '../core/kubernetes-object.ts';
import type { ResourceType } from '../kube/resource.ts';

/** An object that experiments need beside them: a ConfigMap with a template, a claim … */
export interface CompanionObject {
  resource: ResourceType;
  object: KubeObject;
}
