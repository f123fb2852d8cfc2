import type { Container, EnvVar, StoredPod } from '../../core/pod.ts';
import { fieldValue, resourceFieldValue } from './field-reference.ts';
import type { NodeFacts } from './node-facts.ts';
import type { PodObjects } from './pod-objects.ts';
import { expandVariables } from './variable-expansion.ts';

type ValueSource = NonNullable<EnvVar['valueFrom']>;

/** Where a container's environment variables take their values from. */
export interface EnvironmentSources {
  pod: StoredPod;
  objects: PodObjects;
  node: NodeFacts;
}

/**
 * The variables that the container's specification sets: `envFrom` first, then `env` in order. A value may refer to
 * `envFrom` and to earlier entries; later duplicates win. KatydidError with a LOCAL_* code for what cannot be read.
 */
export async function containerEnvironment(
  container: Container,
  sources: EnvironmentSources,
): Promise<Record<string, string>> {
  const variables = await importedVariables(container, sources.objects);
  for (const entry of container.env ?? []) {
    const value = await variableValue(entry, container, variables, sources);
    if (value !== undefined) variables.set(entry.name, value);
  }
  return Object.fromEntries(variables);
}

async function importedVariables(container: Container, objects: PodObjects): Promise<Map<string, string>> {
  const variables = new Map<string, string>();
  for (const { prefix = '', configMapRef, secretRef } of container.envFrom ?? []) {
    const reference = configMapRef ?? secretRef;
    if (!reference) continue;
    const kind = configMapRef ? 'ConfigMap' : 'Secret';
    const entries = await objects.entries(kind, reference.name, reference.optional ?? false);
    for (const [key, value] of entries ?? []) variables.set(prefix + key, value.toString('utf8'));
  }
  return variables;
}

async function variableValue(
  entry: EnvVar,
  container: Container,
  earlier: ReadonlyMap<string, string>,
  sources: EnvironmentSources,
): Promise<string | undefined> {
  if (entry.valueFrom) return referredValue(entry.valueFrom, container, sources);
  return expandVariables(entry.value ?? '', (name) => earlier.get(name));
}

async function referredValue(
  source: ValueSource,
  container: Container,
  { pod, objects, node }: EnvironmentSources,
): Promise<string | undefined> {
  const { fieldRef, resourceFieldRef, configMapKeyRef, secretKeyRef } = source;
  if (fieldRef) return fieldValue(pod, fieldRef.fieldPath, node);
  if (resourceFieldRef) {
    const all = [...pod.spec.containers, ...(pod.spec.initContainers ?? [])];
    return resourceFieldValue(all, container, resourceFieldRef, node);
  }
  const reference = configMapKeyRef ?? secretKeyRef;
  if (!reference) return undefined;
  const kind = configMapKeyRef ? 'ConfigMap' : 'Secret';
  return objects.entry(kind, reference.name, reference.key, reference.optional ?? false);
}
