import { isDeepStrictEqual } from 'node:util';
import { isJsonObject, type JsonObject } from '../../core/json.ts';
import { ApiError } from '../../kube/api-error.ts';

/**
 * Lists that are merged entry by entry, by the field that tells their entries apart, as the `patchMergeKey` tags of
 * Kubernetes' Go types say. All other lists are replaced as a whole.
 */
const MERGE_KEYS: Readonly<Record<string, readonly string[]>> = {
  conditions: ['type'],
  containers: ['name'],
  env: ['name'],
  ephemeralContainers: ['name'],
  hostAliases: ['ip'],
  imagePullSecrets: ['name'],
  initContainers: ['name'],
  ownerReferences: ['uid'],
  // Of a container, and of a Service.
  ports: ['containerPort', 'port'],
  resourceClaims: ['name'],
  topologySpreadConstraints: ['topologyKey'],
  volumeDevices: ['devicePath'],
  volumeMounts: ['mountPath'],
  volumes: ['name'],
};

/** Lists of texts to which a patch adds. */
const MERGED_TEXT_LISTS: ReadonlySet<string> = new Set(['finalizers']);

const ORDER_PREFIX = '$setElementOrder/';
const DELETE_PREFIX = '$deleteFromPrimitiveList/';

/**
 * The strategic merge patch of Kubernetes: a merge patch (RFC 7386) that also merges lists, with the directives
 * `$patch`, `$retainKeys`, `$setElementOrder` and `$deleteFromPrimitiveList`. Changes neither argument. BadRequest where
 * a directive is malformed.
 */
export function applyStrategicMergePatch(target: JsonObject, patch: JsonObject): JsonObject {
  if (patch['$patch'] === 'replace') return withoutDirectives(patch);
  if (patch['$patch'] === 'delete') return {};
  const merged = new Map(Object.entries(target));
  for (const [field, value] of Object.entries(patch)) {
    if (field.startsWith('$')) continue;
    if (value === null) merged.delete(field);
    else merged.set(field, mergeField(field, merged.get(field), value));
  }
  deleteFromTextLists(merged, patch);
  orderLists(merged, patch);
  return Object.fromEntries(retained(merged, patch['$retainKeys']));
}

function mergeField(field: string, old: unknown, value: unknown): unknown {
  if (isJsonObject(value)) return applyStrategicMergePatch(isJsonObject(old) ? old : {}, value);
  if (!Array.isArray(value)) return value;
  const entries: unknown[] = value;
  const before: unknown[] = Array.isArray(old) ? old : [];
  if (MERGED_TEXT_LISTS.has(field)) return [...new Set([...before, ...entries])];
  const key = mergeKey(field, entries);
  return key === undefined ? entries : mergeList(before, entries, key);
}

/** Undefined where the list is replaced. */
function mergeKey(field: string, entries: readonly unknown[]): string | undefined {
  const keys = Object.hasOwn(MERGE_KEYS, field) ? (MERGE_KEYS[field] ?? []) : [];
  return keys.find((key) => entries.some((entry) => isJsonObject(entry) && Object.hasOwn(entry, key)));
}

function mergeList(before: readonly unknown[], entries: readonly unknown[], key: string): unknown[] {
  const replaces = entries.some((entry) => isJsonObject(entry) && entry['$patch'] === 'replace');
  const result = replaces ? [] : [...before];
  for (const entry of entries) {
    if (!isJsonObject(entry)) throw badPatch(`an entry of a list merged by ${key} is not an object`);
    if (!Object.hasOwn(entry, key)) {
      if (entry['$patch'] === 'replace') continue;
      throw badPatch(`an entry of a list merged by ${key} has no ${key}`);
    }
    const at = result.findIndex((old) => isJsonObject(old) && isDeepStrictEqual(old[key], entry[key]));
    const old = result[at];
    if (entry['$patch'] === 'delete') {
      if (at >= 0) result.splice(at, 1);
    } else if (isJsonObject(old)) result[at] = applyStrategicMergePatch(old, entry);
    else result.push(applyStrategicMergePatch({}, entry));
  }
  return result;
}

function deleteFromTextLists(merged: Map<string, unknown>, patch: JsonObject): void {
  for (const [directive, removed] of Object.entries(patch)) {
    if (!directive.startsWith(DELETE_PREFIX)) continue;
    const field = directive.slice(DELETE_PREFIX.length);
    const list = merged.get(field);
    if (!Array.isArray(removed)) throw badPatch(`${directive} is not a list`);
    if (Array.isArray(list))
      merged.set(
        field,
        list.filter((entry) => !removed.includes(entry)),
      );
  }
}

/** Entries that the directive does not name, because others added them, come last. */
function orderLists(merged: Map<string, unknown>, patch: JsonObject): void {
  for (const [directive, order] of Object.entries(patch)) {
    if (!directive.startsWith(ORDER_PREFIX)) continue;
    const field = directive.slice(ORDER_PREFIX.length);
    if (!Array.isArray(order)) throw badPatch(`${directive} is not a list`);
    const list: unknown = merged.get(field);
    if (Array.isArray(list)) merged.set(field, ordered(list, order, mergeKey(field, order)));
  }
}

function ordered(list: readonly unknown[], order: readonly unknown[], key: string | undefined): unknown[] {
  const identity = (entry: unknown): unknown =>
    key !== undefined && isJsonObject(entry) ? entry[key] : entry;
  const wanted = order.map(identity);
  const rank = (entry: unknown): number => {
    const at = wanted.indexOf(identity(entry));
    return at < 0 ? wanted.length : at;
  };
  return [...list].sort((a, b) => rank(a) - rank(b));
}

/** `$retainKeys` names the only fields that stay: how one member of a union takes the place of another. */
function retained(merged: Map<string, unknown>, keys: unknown): Map<string, unknown> {
  if (keys === undefined) return merged;
  if (!Array.isArray(keys)) throw badPatch('$retainKeys is not a list');
  return new Map([...merged].filter(([field]) => keys.includes(field)));
}

function withoutDirectives(patch: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(patch).filter(([field]) => !field.startsWith('$')));
}

function badPatch(problem: string): ApiError {
  return new ApiError('BadRequest', `strategic merge patch: ${problem}`);
}
