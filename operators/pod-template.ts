import type { KubeObject, Stored } from '../core/kubernetes-object.ts';
import { controllerReference } from '../core/kubernetes-object.ts';
import type { Pod, PodSpec } from '../core/pod.ts';
import type { PodTemplateDocument } from '../core/pod-schema.ts';

/** A pod template whose containers are known to be there. */
export interface PodTemplate {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly finalizers: readonly string[];
  readonly spec: PodSpec;
}

/** Takes a validated template over. The spec is shared with the document: never change it. */
export function readPodTemplate(document: PodTemplateDocument | null | undefined): PodTemplate {
  const { metadata, spec } = document ?? {};
  return {
    labels: metadata?.labels ?? {},
    annotations: metadata?.annotations ?? {},
    finalizers: metadata?.finalizers ?? [],
    // The schema checked what operators read; the rest is checked by whoever runs the pod.
    spec: { containers: [], ...spec } as unknown as PodSpec,
  };
}

/** A pod of `owner`: the template's metadata overlaid with what the operator adds. */
export function podOf(
  owner: Stored<KubeObject>,
  name: string,
  template: PodTemplate,
  own: { labels: Record<string, string>; annotations?: Record<string, string>; spec: PodSpec },
): Pod {
  const annotations = { ...template.annotations, ...own.annotations };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      ...(owner.metadata.namespace !== undefined && { namespace: owner.metadata.namespace }),
      labels: { ...template.labels, ...own.labels },
      ...(Object.keys(annotations).length > 0 && { annotations }),
      ...(template.finalizers.length > 0 && { finalizers: [...template.finalizers] }),
      ownerReferences: [controllerReference(owner)],
    },
    spec: own.spec,
  };
}
