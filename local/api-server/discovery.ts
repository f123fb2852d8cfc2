import type { JsonObject } from '../../core/json.ts';
import { ALL_RESOURCES, PODS, type ResourceType } from '../../kube/resource.ts';
import { splitApiVersion } from './api-version.ts';
import { kindNames } from './kind-names.ts';

/* How clients learn which kinds there are: one document per group and version, or all in one (aggregated). */

/** What can be done with every kind. */
export const VERBS: readonly string[] = [
  'create',
  'delete',
  'deletecollection',
  'get',
  'list',
  'patch',
  'update',
  'watch',
];
const STATUS_VERBS = ['get', 'patch', 'update'];

/** Versions of one group, the preferred one first. */
export interface ApiGroup {
  /** Empty for Kubernetes' core group. */
  readonly name: string;
  readonly versions: readonly string[];
}

export function apiGroups(): ApiGroup[] {
  const groups = new Map<string, Set<string>>([['', new Set()]]);
  for (const { apiVersion } of ALL_RESOURCES) {
    const { group, version } = splitApiVersion(apiVersion);
    groups.set(group, (groups.get(group) ?? new Set()).add(version));
  }
  // "v1" sorts before "v1beta1": of our few versions that is the order of preference.
  return [...groups].map(([name, versions]) => ({ name, versions: [...versions].sort() }));
}

/** `/api`. */
export function coreVersions(): JsonObject {
  return { kind: 'APIVersions', versions: ['v1'], serverAddressByClientCIDRs: [] };
}

/** `/apis`. */
export function groupList(): JsonObject {
  const groups = apiGroups().filter(({ name }) => name !== '');
  return { kind: 'APIGroupList', apiVersion: 'v1', groups: groups.map(groupDocument) };
}

/** `/apis/<group>`; null where there is no such group. */
export function groupOf(name: string): JsonObject | null {
  const group = apiGroups().find((each) => each.name === name);
  return group ? { kind: 'APIGroup', apiVersion: 'v1', ...groupDocument(group) } : null;
}

function groupDocument({ name, versions }: ApiGroup): JsonObject {
  const documents = versions.map((version) => ({ groupVersion: `${name}/${version}`, version }));
  return { name, versions: documents, preferredVersion: documents[0] };
}

/** `/api/v1` and `/apis/<group>/<version>`; null where nothing of that version is served. */
export function resourceList(apiVersion: string): JsonObject | null {
  const resources = resourcesOf(apiVersion);
  if (resources.length === 0) return null;
  return {
    kind: 'APIResourceList',
    apiVersion: 'v1',
    groupVersion: apiVersion,
    resources: resources.flatMap(resourceDocuments),
  };
}

function resourcesOf(apiVersion: string): ResourceType[] {
  return ALL_RESOURCES.filter((resource) => resource.apiVersion === apiVersion);
}

function resourceDocuments(resource: ResourceType): JsonObject[] {
  const { plural, kind, namespaced } = resource;
  const { singular, shortNames, categories } = kindNames(resource);
  const main = {
    name: plural,
    singularName: singular,
    namespaced,
    kind,
    verbs: VERBS,
    shortNames,
    categories,
  };
  const parts = subresources(resource).map(({ name, verbs }) => ({
    name: `${plural}/${name}`,
    singularName: '',
    namespaced,
    kind,
    verbs,
  }));
  return [main, ...parts];
}

/** The parts of a kind's objects that have paths of their own. */
export function subresources(resource: ResourceType): { name: string; verbs: readonly string[] }[] {
  const parts = resource.hasStatus ? [{ name: 'status', verbs: STATUS_VERBS }] : [];
  return resource === PODS ? [...parts, { name: 'log', verbs: ['get'] }] : parts;
}

/** Versions of the aggregated document, which differ in nothing but their name. */
export type AggregatedVersion = 'v2' | 'v2beta1';

/** All groups in one document: the core group at `/api`, the others at `/apis`. */
export function aggregatedDiscovery(root: 'api' | 'apis', version: AggregatedVersion): JsonObject {
  const groups = apiGroups().filter(({ name }) => (name === '') === (root === 'api'));
  return {
    kind: 'APIGroupDiscoveryList',
    apiVersion: `apidiscovery.k8s.io/${version}`,
    metadata: {},
    items: groups.map(({ name, versions }) => ({
      metadata: { name },
      versions: versions.map((each) => ({
        version: each,
        resources: resourcesOf(name === '' ? each : `${name}/${each}`).map(aggregatedResource),
        freshness: 'Current',
      })),
    })),
  };
}

function aggregatedResource(resource: ResourceType): JsonObject {
  const { group, version } = splitApiVersion(resource.apiVersion);
  const responseKind = { group, version, kind: resource.kind };
  const { singular, shortNames, categories } = kindNames(resource);
  return {
    resource: resource.plural,
    responseKind,
    scope: resource.namespaced ? 'Namespaced' : 'Cluster',
    singularResource: singular,
    verbs: VERBS,
    shortNames,
    categories,
    subresources: subresources(resource).map(({ name, verbs }) => ({
      subresource: name,
      responseKind,
      verbs,
    })),
  };
}
