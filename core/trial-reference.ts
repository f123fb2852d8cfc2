import { isJsonObject, type JsonObject, valueAt } from './json.ts';

/** What a trial parameter's `reference` means. */
export type TrialReference =
  | { kind: 'parameter'; name: string }
  | { kind: 'metadata'; field: 'Name' | 'Namespace' | 'Kind' | 'APIVersion' }
  | { kind: 'metadataEntry'; field: 'Annotations' | 'Labels'; key: string }
  | { kind: 'unknownMetadata'; text: string };

export const METADATA_REFERENCES = [
  '${trialSpec.Name}',
  '${trialSpec.Namespace}',
  '${trialSpec.Kind}',
  '${trialSpec.APIVersion}',
  '${trialSpec.Annotations[key]}',
  '${trialSpec.Labels[key]}',
] as const;

const METADATA = /^\$\{trialSpec\.(.+?)\}$/;
const INDEXED = /^(.+)\[(.+)\]$/;

/** Takes a reference apart. Text that is not `${trialSpec.…}` is the name of a search parameter. */
export function parseTrialReference(reference: string): TrialReference {
  const text = METADATA.exec(reference)?.[1];
  if (text === undefined) return { kind: 'parameter', name: reference };
  if (text === 'Name' || text === 'Namespace' || text === 'Kind' || text === 'APIVersion') {
    return { kind: 'metadata', field: text };
  }
  const [, field, key] = INDEXED.exec(text) ?? [];
  if ((field === 'Annotations' || field === 'Labels') && key !== undefined) {
    return { kind: 'metadataEntry', field, key };
  }
  return { kind: 'unknownMetadata', text };
}

/** Name and namespace that the trial's job gets. */
export interface TrialIdentity {
  trialName: string;
  trialNamespace: string;
}

/** The text that a metadata reference stands for, or undefined where the template has no such entry. */
export function metadataText(
  reference: Extract<TrialReference, { kind: 'metadata' | 'metadataEntry' }>,
  template: JsonObject,
  identity: TrialIdentity,
): string | undefined {
  switch (reference.field) {
    case 'Name':
      return identity.trialName;
    case 'Namespace':
      return identity.trialNamespace;
    case 'Kind':
      return textOf(template.kind);
    case 'APIVersion':
      return textOf(template.apiVersion);
    case 'Annotations':
    case 'Labels': {
      const entries = valueAt(template, ['metadata', reference.field.toLowerCase()]);
      return isJsonObject(entries) ? textOf(valueAt(entries, [reference.key])) : undefined;
    }
  }
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
