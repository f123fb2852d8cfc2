import { ApiError } from '../../kube/api-error.ts';
import { CONFIG_MAPS, type ResourceType, SECRETS } from '../../kube/resource.ts';
import { type Document, isRecord, resourceKey } from './document.ts';

/* What the API does to single kinds when they are written. */

type ContentRule = (object: Document) => Document;

const CONTENT_RULES: Readonly<Record<string, ContentRule>> = {
  [resourceKey(SECRETS)]: foldStringData,
  [resourceKey(CONFIG_MAPS)]: (object) => {
    checkTexts(object, 'data');
    checkTexts(object, 'binaryData');
    return object;
  },
};

/** The object as its kind is stored. BadRequest where its content has the wrong type. */
export function withKindRules(resource: ResourceType, object: Document): Document {
  return CONTENT_RULES[resourceKey(resource)]?.(object) ?? object;
}

/** `status` of an object that was just created; undefined for kinds that begin without one. */
export function initialStatus(resource: ResourceType): Record<string, unknown> | undefined {
  if (resource.apiVersion !== 'v1') return undefined;
  if (resource.kind === 'Pod') return { phase: 'Pending' };
  return resource.kind === 'Namespace' ? { phase: 'Active' } : undefined;
}

/** A Secret's plain `stringData` is written over its `data`, in base64, and is not kept. */
function foldStringData(secret: Document): Document {
  checkTexts(secret, 'data');
  checkTexts(secret, 'stringData');
  const { stringData, ...rest } = secret;
  if (!isRecord(stringData)) return rest;
  const encoded = Object.entries(stringData).map(([key, text]) => [
    key,
    Buffer.from(String(text)).toString('base64'),
  ]);
  const data = isRecord(rest['data']) ? rest['data'] : {};
  return {
    ...rest,
    data: { ...data, ...(Object.fromEntries(encoded) as Record<string, string>) },
  };
}

function checkTexts(object: Document, field: string): void {
  const entries = object[field];
  if (entries === undefined || entries === null) return;
  if (!isRecord(entries)) throw new ApiError('BadRequest', `${object.kind} ${field}: an object is required`);
  for (const [key, value] of Object.entries(entries)) {
    if (typeof value === 'string') continue;
    throw new ApiError(
      'BadRequest',
      `${object.kind} ${field}.${key}: ${JSON.stringify(value)} is not a string; quote the value`,
    );
  }
}
