import type { JsonObject } from '../../../core/json.ts';
import { ALL_RESOURCES, type ResourceType } from '../../../kube/resource.ts';
import { splitApiVersion } from '../api-version.ts';
import { type DefinedKind, schemaName, schemasOf } from './schemas.ts';

/**
 * As much of OpenAPI as kubectl asks for: that writes take `fieldValidation` and `dryRun`, and the schemas that
 * `kubectl explain` shows. Strategic merge patches are not announced, because the schemas of Kubernetes' own kinds are
 * only outlines here: kubectl then uses the ones that it was built with.
 */

/** `/openapi/v3`: where the document of each version is. */
export function openApiIndex(): JsonObject {
  const apiVersions = new Set(ALL_RESOURCES.map(({ apiVersion }) => apiVersion));
  const paths = [...apiVersions].map((apiVersion) => {
    const root = rootOf(apiVersion);
    return [root, { serverRelativeURL: `/openapi/v3/${root}` }];
  });
  return { paths: Object.fromEntries(paths) as JsonObject };
}

/** `/openapi/v3/<root>`, for example `apis/kubeflow.org/v1beta1`; null where nothing is served there. */
export function openApiV3(root: string, defined: readonly DefinedKind[], version: string): JsonObject | null {
  const resources = ALL_RESOURCES.filter(({ apiVersion }) => rootOf(apiVersion) === root);
  if (resources.length === 0) return null;
  return {
    openapi: '3.0.0',
    info: { title: 'Katydid', version },
    paths: Object.fromEntries(resources.map((resource) => [objectRoute(resource), v3Operations(resource)])),
    components: { schemas: schemasOf(resources, defined) },
  };
}

/** `/openapi/v2`: the same in one document, in the older format. */
export function openApiV2(defined: readonly DefinedKind[], version: string): JsonObject {
  return {
    swagger: '2.0',
    info: { title: 'Katydid', version },
    paths: Object.fromEntries(
      ALL_RESOURCES.map((resource) => [objectRoute(resource), v2Operations(resource)]),
    ),
    definitions: withV2References(schemasOf(ALL_RESOURCES, defined)),
  };
}

function rootOf(apiVersion: string): string {
  return `${apiVersion.includes('/') ? 'apis' : 'api'}/${apiVersion}`;
}

function objectRoute({ apiVersion, plural, namespaced }: ResourceType): string {
  return `/${rootOf(apiVersion)}${namespaced ? '/namespaces/{namespace}' : ''}/${plural}/{name}`;
}

const WRITE_PARAMETERS = ['dryRun', 'fieldManager', 'fieldValidation'];
const PATCH_TYPES = ['application/json-patch+json', 'application/merge-patch+json'];

function v3Operations(resource: ResourceType): JsonObject {
  const reference = { $ref: `#/components/schemas/${schemaName(resource)}` };
  const content = { 'application/json': { schema: reference } };
  const parameters = WRITE_PARAMETERS.map((name) => ({ name, in: 'query', schema: { type: 'string' } }));
  const responses = { 200: { description: 'OK', content } };
  const patchContent = Object.fromEntries(PATCH_TYPES.map((type) => [type, { schema: { type: 'object' } }]));
  return {
    parameters: routeParameters(resource).map((name) => ({
      name,
      in: 'path',
      required: true,
      schema: { type: 'string' },
    })),
    get: { ...action(resource, 'get'), responses },
    put: { ...action(resource, 'put'), parameters, requestBody: { content }, responses },
    patch: { ...action(resource, 'patch'), parameters, requestBody: { content: patchContent }, responses },
    delete: { ...action(resource, 'delete'), parameters, responses },
  };
}

function v2Operations(resource: ResourceType): JsonObject {
  const parameters = WRITE_PARAMETERS.map((name) => ({ name, in: 'query', type: 'string' }));
  const responses = { 200: { description: 'OK', schema: { $ref: `#/definitions/${schemaName(resource)}` } } };
  return {
    parameters: routeParameters(resource).map((name) => ({
      name,
      in: 'path',
      required: true,
      type: 'string',
    })),
    get: { ...action(resource, 'get'), responses },
    put: { ...action(resource, 'put'), parameters, responses },
    patch: { ...action(resource, 'patch'), consumes: PATCH_TYPES, parameters, responses },
    delete: { ...action(resource, 'delete'), parameters, responses },
  };
}

function routeParameters({ namespaced }: ResourceType): string[] {
  return namespaced ? ['namespace', 'name'] : ['name'];
}

function action({ apiVersion, kind }: ResourceType, verb: string): JsonObject {
  const { group, version } = splitApiVersion(apiVersion);
  return {
    'x-kubernetes-action': verb,
    'x-kubernetes-group-version-kind': { group, version, kind },
  };
}

function withV2References(schemas: JsonObject): JsonObject {
  const text = JSON.stringify(schemas).replaceAll('#/components/schemas/', '#/definitions/');
  return JSON.parse(text) as JsonObject;
}
