import type { Request } from 'express';
import { type JsonObject, valueAt } from '../../core/json.ts';
import type { KubeObject } from '../../core/kubernetes-object.ts';
import { ApiError, isApiError } from '../../kube/api-error.ts';
import type { KubeClient } from '../../kube/client.ts';
import { CUSTOM_RESOURCE_DEFINITIONS } from '../../kube/resource.ts';
import type { ResourcePath } from './resource-path.ts';

/* The CustomResourceDefinitions of the kinds that are served are objects like others, but for what cannot change. */

/** Stores the definitions of the served kinds, so that clients find them; those of an earlier version are brought up to date. */
export async function registerDefinitions(
  client: KubeClient,
  definitions: readonly JsonObject[],
): Promise<void> {
  for (const definition of definitions) await register(client, definition as unknown as KubeObject);
}

async function register(client: KubeClient, definition: KubeObject): Promise<void> {
  try {
    await client.create(CUSTOM_RESOURCE_DEFINITIONS, definition);
  } catch (error) {
    if (!isApiError(error, 'AlreadyExists')) throw error;
    const { name } = definition.metadata;
    const old = await client.get(CUSTOM_RESOURCE_DEFINITIONS, { name: name ?? '' });
    const current = { ...old, spec: valueAt(definition, ['spec']) };
    const stored = await client.update(CUSTOM_RESOURCE_DEFINITIONS, current);
    await client.updateStatus(CUSTOM_RESOURCE_DEFINITIONS, stored);
  }
}

/** Forbidden where the path leads to the definition of a served kind: the kind would be served all the same. */
export function checkDeletable({ resource, name }: ResourcePath, definitions: readonly JsonObject[]): void {
  if (resource !== CUSTOM_RESOURCE_DEFINITIONS) return;
  const kept = definitions.find((each) => valueAt(each, ['metadata', 'name']) === name);
  if (!kept) return;
  const plural = String(valueAt(kept, ['spec', 'names', 'plural']));
  throw new ApiError(
    'Forbidden',
    `customresourcedefinitions.apiextensions.k8s.io "${name ?? ''}" is forbidden: the kind is built in and stays; ` +
      `to delete its objects: kubectl delete ${plural} --all`,
  );
}

/** What the writer of a definition should know, null where there is nothing; kubectl prints it. */
export function definitionWarning(
  { resource }: ResourcePath,
  { method, body }: Request,
  stored: KubeObject,
  definitions: readonly JsonObject[],
): string | null {
  if (resource !== CUSTOM_RESOURCE_DEFINITIONS || !WRITES.has(method)) return null;
  const { name } = stored.metadata;
  const kind = String(valueAt(stored, ['spec', 'names', 'kind']));
  if (!definitions.some((each) => valueAt(each, ['metadata', 'name']) === name))
    return `kind ${kind} is not served here: the definition is kept, but no ${kind} can be created`;
  const sent: unknown = body;
  const mentionsSpec = Buffer.isBuffer(sent) && sent.includes('spec');
  return mentionsSpec ? `kind ${kind} is built in: its specification stays as it is` : null;
}

const WRITES: ReadonlySet<string> = new Set(['POST', 'PUT', 'PATCH']);
