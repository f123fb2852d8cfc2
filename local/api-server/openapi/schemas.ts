import { isJsonObject, type JsonObject } from '../../../core/json.ts';
import type { ResourceType } from '../../../kube/resource.ts';
import { splitApiVersion } from '../api-version.ts';

/* OpenAPI schemas of the kinds: what `kubectl explain` shows. */

const OBJECT_META = 'io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta';

/** A list of what a CustomResourceDefinition says, in its first version. */
export interface DefinedKind {
  readonly apiVersion: string;
  readonly kind: string;
  readonly schema: JsonObject;
}

/** `kubeflow.org/v1beta1` Experiment → `org.kubeflow.v1beta1.Experiment`; Kubernetes' own as Kubernetes calls them. */
export function schemaName({ apiVersion, kind }: ResourceType): string {
  const { group, version } = splitApiVersion(apiVersion);
  if (group.includes('.')) return `${group.split('.').reverse().join('.')}.${version}.${kind}`;
  return `io.k8s.api.${group === '' ? 'core' : group}.${version}.${kind}`;
}

/** Schemas by name of the given kinds, and those they refer to. Of kinds that nobody defines only the outline is known. */
export function schemasOf(resources: readonly ResourceType[], defined: readonly DefinedKind[]): JsonObject {
  const schemas = resources.map((resource) => [schemaName(resource), kindSchema(resource, defined)]);
  return { ...(Object.fromEntries(schemas) as JsonObject), [OBJECT_META]: objectMetaSchema() };
}

function kindSchema(resource: ResourceType, defined: readonly DefinedKind[]): JsonObject {
  const { apiVersion, kind } = resource;
  const found = defined.find((each) => each.apiVersion === apiVersion && each.kind === kind);
  const schema = found?.schema ?? outline(resource);
  const { group, version } = splitApiVersion(apiVersion);
  return {
    ...schema,
    type: 'object',
    properties: { ...(isJsonObject(schema['properties']) ? schema['properties'] : {}), ...identitySchemas() },
    'x-kubernetes-group-version-kind': [{ group, version, kind }],
  };
}

function outline({ kind, hasStatus }: ResourceType): JsonObject {
  const open = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
  return {
    description: `${kind}: its fields are those of Kubernetes; what this server knows of them is not described here.`,
    properties: hasStatus ? { spec: open, status: open } : {},
    'x-kubernetes-preserve-unknown-fields': true,
  };
}

function identitySchemas(): JsonObject {
  return {
    apiVersion: { type: 'string', description: 'The group and version of the schema of this object.' },
    kind: { type: 'string', description: 'The kind of this object.' },
    metadata: {
      description: "Standard object's metadata.",
      allOf: [{ $ref: `#/components/schemas/${OBJECT_META}` }],
    },
  };
}

function objectMetaSchema(): JsonObject {
  const text = (description: string): JsonObject => ({ type: 'string', description });
  const texts = (description: string): JsonObject => ({
    type: 'object',
    additionalProperties: { type: 'string' },
    description,
  });
  return {
    type: 'object',
    description: 'ObjectMeta is metadata that all persisted objects have.',
    properties: {
      name: text('Unique within a namespace. Cannot be changed.'),
      generateName: text('Beginning of the name that the server makes up where name is absent.'),
      namespace: text('The space within which the name is unique.'),
      labels: texts('Keys and values by which objects are selected.'),
      annotations: texts('Keys and values that programs keep with the object.'),
      finalizers: {
        type: 'array',
        items: { type: 'string' },
        description: 'Who must be done before the object is removed.',
      },
      ownerReferences: {
        type: 'array',
        items: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
        description: 'Objects that this one depends on: it is deleted when all of them are gone.',
      },
      uid: text('Unique in time and space. Set by the server.'),
      resourceVersion: text('Changes with every write; opaque. Set by the server.'),
      generation: { type: 'integer', format: 'int64', description: 'Counts the changes of the spec.' },
      creationTimestamp: { ...text('When the object was created.'), format: 'date-time' },
      deletionTimestamp: {
        ...text('When the object is to go, once its deletion was asked for.'),
        format: 'date-time',
      },
    },
  };
}
