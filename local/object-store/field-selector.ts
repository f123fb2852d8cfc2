import { ApiError } from '../../kube/api-error.ts';
import { EVENTS, JOBS, NAMESPACES, PODS, type ResourceType, SECRETS } from '../../kube/resource.ts';
import { isRecord, resourceKey, type StoredDocument } from './document.ts';

/** Fields that Kubernetes lets a list of each kind be selected by, besides the two that every kind has. */
const SELECTABLE_FIELDS: Readonly<Record<string, readonly string[]>> = {
  [resourceKey(PODS)]: ['spec.nodeName', 'spec.restartPolicy', 'status.phase', 'status.podIP'],
  [resourceKey(JOBS)]: ['status.successful'],
  [resourceKey(SECRETS)]: ['type'],
  [resourceKey(NAMESPACES)]: ['status.phase'],
  [resourceKey(EVENTS)]: [
    'involvedObject.kind',
    'involvedObject.namespace',
    'involvedObject.name',
    'involvedObject.uid',
    'involvedObject.apiVersion',
    'involvedObject.fieldPath',
    'reason',
    'source',
    'type',
  ],
};

const TERM = /^(?<field>[^=!]+)(?<operator>==|!=|=)(?<value>.*)$/;

/**
 * The test that a field selector text describes: `metadata.name=x,status.phase!=Running`. An absent field is the empty
 * text. An empty selector selects everything. BadRequest for what does not parse and for fields of other kinds.
 */
export function parseFieldSelector(
  resource: ResourceType,
  text: string,
): (object: StoredDocument) => boolean {
  const terms = text.split(',').filter((term) => term.trim() !== '');
  const requirements = terms.map((term) => parseTerm(resource, term.trim()));
  return (object) =>
    requirements.every(({ path, value, equal }) => (readField(object, path) === value) === equal);
}

function parseTerm(resource: ResourceType, term: string): { path: string[]; value: string; equal: boolean } {
  const { field, operator, value } = TERM.exec(term)?.groups ?? {};
  if (field === undefined || value === undefined) {
    throw new ApiError('BadRequest', `invalid field selector "${term}": write field=value or field!=value`);
  }
  const fields = ['metadata.name', 'metadata.namespace', ...(SELECTABLE_FIELDS[resourceKey(resource)] ?? [])];
  if (!fields.includes(field)) {
    throw new ApiError('BadRequest', `field label not supported: ${field}; known are ${fields.join(', ')}`);
  }
  const path = field === 'source' ? ['source', 'component'] : field.split('.');
  return { path, value, equal: operator !== '!=' };
}

function readField(object: StoredDocument, path: readonly string[]): string {
  const value = path.reduce<unknown>((parent, key) => (isRecord(parent) ? parent[key] : undefined), object);
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}
