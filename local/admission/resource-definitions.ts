import { valueAt, type JsonObject } from '../../core/json.ts';
import type { KubeObject } from '../../core/kubernetes-object.ts';

/*
 * Which kinds there are is built in. Definitions may be stored all the same, because manifests that install Katib bring
 * them along: those of kinds that are served keep their own specification, the others say that nobody serves their kind.
 */

/** Definitions by name. */
export type DefinitionsByName = ReadonlyMap<string, JsonObject>;

export function definitionsByName(definitions: readonly JsonObject[]): DefinitionsByName {
  return new Map(definitions.map((each) => [String(valueAt(each, ['metadata', 'name'])), each]));
}

/** The CustomResourceDefinition as it is stored: its status is not for clients to say, nor the specification of a served kind. */
export function admittedDefinition(object: KubeObject, served: DefinitionsByName): KubeObject {
  const { name = '', creationTimestamp } = object.metadata;
  const definition = served.get(name);
  const spec = definition?.['spec'] ?? valueAt(object, ['spec']);
  const status = {
    acceptedNames: valueAt(spec, ['names']) ?? {},
    conditions: conditionsOf(definition !== undefined, creationTimestamp ?? null),
    storedVersions: storedVersions(spec),
  };
  return { ...object, spec, status } as KubeObject;
}

function conditionsOf(isServed: boolean, lastTransitionTime: string | null): JsonObject[] {
  const found = isServed
    ? { status: 'True', reason: 'BuiltIn', message: 'The kind is built in.' }
    : {
        status: 'False',
        reason: 'NotServed',
        message: 'Kinds cannot be added here: objects of this one cannot be created.',
      };
  return ['NamesAccepted', 'Established'].map((type) => ({ type, ...found, lastTransitionTime }));
}

function storedVersions(spec: unknown): string[] {
  const versions: unknown = valueAt(spec, ['versions']);
  return (Array.isArray(versions) ? versions : [])
    .filter((version) => valueAt(version, ['storage']) === true)
    .map((version) => String(valueAt(version, ['name'])));
}
