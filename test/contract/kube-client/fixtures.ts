import { setTimeout as delay } from 'node:timers/promises';
import { expect, vi } from 'vitest';
import type { Experiment } from '../../../core/experiment.ts';
import type { KubeObject, ObjectMeta, OwnerReference, Stored } from '../../../core/kubernetes-object.ts';
import type { Pod, PodPhase, StoredPod } from '../../../core/pod.ts';
import { type ApiErrorReason, isApiError } from '../../../kube/api-error.ts';
import type { KubeClient } from '../../../kube/client.ts';
import { type ConfigMap, PODS, type ResourceType, type Secret } from '../../../kube/resource.ts';

/** Longer than any subject needs, a cluster's garbage collector included. */
const EVENTUALLY_MS = 15_000;

export function configMap(namespace: string, name: string, extra: Partial<ObjectMeta> = {}): ConfigMap {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { namespace, name, ...extra },
    data: { key: 'value' },
  };
}

/**
 * For cases that look at whole collections: a cluster puts a ConfigMap of its own into every namespace, but no Secret.
 */
export function secret(namespace: string, name: string, labels: Record<string, string> = {}): Secret {
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { namespace, name, labels },
    stringData: { key: 'value' },
  };
}

/** An Experiment that every validation accepts. */
export function experiment(namespace: string, name: string, extra: Partial<ObjectMeta> = {}): Experiment {
  return {
    apiVersion: 'kubeflow.org/v1beta1',
    kind: 'Experiment',
    metadata: { namespace, name, ...extra },
    spec: {
      objective: { type: 'maximize', goal: 0.99, objectiveMetricName: 'accuracy' },
      algorithm: { algorithmName: 'random' },
      parallelTrialCount: 2,
      maxTrialCount: 4,
      maxFailedTrialCount: 1,
      parameters: [{ name: 'lr', parameterType: 'double', feasibleSpace: { min: '0.01', max: '0.1' } }],
      trialTemplate: {
        primaryContainerName: 'training',
        trialParameters: [{ name: 'learningRate', reference: 'lr' }],
        trialSpec: {
          apiVersion: 'batch/v1',
          kind: 'Job',
          spec: {
            template: {
              spec: {
                containers: [
                  {
                    name: 'training',
                    image: 'busybox',
                    command: ['train', '--lr=${trialParameters.learningRate}'],
                  },
                ],
                restartPolicy: 'Never',
              },
            },
          },
        },
      },
    },
  };
}

export function pod(namespace: string, name: string, nodeName?: string): Pod {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { namespace, name },
    spec: {
      containers: [{ name: 'main', image: 'busybox', command: ['sleep', '1'] }],
      restartPolicy: 'Never',
      terminationGracePeriodSeconds: 20,
      // No scheduler of this name: a pod without a node stays without one.
      schedulerName: 'nobody',
      ...(nodeName !== undefined && { nodeName }),
    },
  };
}

/** A cluster refuses pods until the namespace has its service account. */
export async function createPod(client: KubeClient, object: Pod): Promise<StoredPod> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await client.create(PODS, object);
    } catch (error) {
      if (!isApiError(error, 'Forbidden') || attempt === 50) throw error;
      await delay(100);
    }
  }
}

export async function setPhase(client: KubeClient, object: StoredPod, phase: PodPhase): Promise<void> {
  const { namespace, name } = object.metadata;
  await client.patchStatus(PODS, { namespace, name }, { type: 'merge', body: { status: { phase } } });
}

export function ownedBy(owner: Stored<KubeObject>, extra: Partial<OwnerReference> = {}): OwnerReference {
  const { apiVersion, kind, metadata } = owner;
  return { apiVersion, kind, name: metadata.name, uid: metadata.uid, ...extra };
}

export async function expectApiError(promise: Promise<unknown>, ...reasons: ApiErrorReason[]): Promise<void> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toMatchObject({ name: 'ApiError' });
  if (reasons.length > 0) expect(reasons).toContain((error as { reason: ApiErrorReason }).reason);
}

/** Waits until `check` passes. */
export function eventually<T>(check: () => Promise<T>): Promise<T> {
  return vi.waitFor(check, { timeout: EVENTUALLY_MS, interval: 10 });
}

export async function exists(
  client: KubeClient,
  resource: ResourceType,
  object: Stored<KubeObject>,
): Promise<boolean> {
  const { namespace, name, uid } = object.metadata;
  try {
    return (await client.get(resource, { namespace, name })).metadata.uid === uid;
  } catch (error) {
    if (isApiError(error, 'NotFound')) return false;
    throw error;
  }
}

export async function expectGone(
  client: KubeClient,
  resource: ResourceType,
  object: Stored<KubeObject>,
): Promise<void> {
  await eventually(async () => expect(await exists(client, resource, object)).toBe(false));
}

export function namesOf(objects: readonly KubeObject[]): string[] {
  return objects.map((object) => object.metadata.name ?? '');
}
