import { ApiError } from '../../kube/api-error.ts';
import type { ListOptions } from '../../kube/client.ts';
import type { ResourceType } from '../../kube/resource.ts';
import { versionTooOld } from './api-errors.ts';
import { isRecord, parseStored, resourceKey, type StoredDocument } from './document.ts';
import type { RevisionLog, SnapshotQuery } from './revision-log.ts';
import type { SnapshotRow } from './revision-statements.ts';
import { readSelection, type Selection } from './selection.ts';

export interface ListPage {
  items: StoredDocument[];
  resourceVersion: string;
  continue?: string;
  remainingItemCount?: number;
}

/** Where the next page begins: after an object, in the collection as it was at a version. */
interface Position {
  version: number;
  namespace: string;
  name: string;
}

/** Rows read from the database at a time. */
const BATCH_SIZE = 500;

/**
 * One page of a collection in order of namespace and name. All pages show the version of the first: later ones are read
 * from the history, and are Expired once it has been compacted.
 */
export function listPage(log: RevisionLog, resource: ResourceType, options: ListOptions): ListPage {
  const selection = readSelection(resource, options);
  const limit = readLimit(options.limit);
  const position = options.continue ? decodePosition(options.continue) : null;
  const version = position?.version ?? log.currentVersion();
  if (version < log.compactedVersion()) throw versionTooOld(version, log.compactedVersion());
  const query = {
    resource: resourceKey(resource),
    namespace: selection.namespace,
    version,
    after: position ?? undefined,
  };
  return readPage(log, query, selection, limit);
}

function readPage(log: RevisionLog, query: SnapshotQuery, selection: Selection, limit: number): ListPage {
  const page: ListPage = { items: [], resourceVersion: String(query.version) };
  let last: SnapshotRow | null = null;
  for (const row of snapshotRows(log, query)) {
    const object = parseStored(row.body);
    if (selection.matches && !selection.matches(object)) continue;
    if (page.items.length === limit && last) {
      page.continue = encodePosition({ version: query.version, namespace: last.namespace, name: last.name });
      // With selectors the API server does not count either: it would have to read everything.
      if (!selection.matches) page.remainingItemCount = log.snapshotCount({ ...query, after: last });
      break;
    }
    page.items.push(object);
    last = row;
  }
  return page;
}

/** All rows of a snapshot, a batch at a time. Throws Expired when compaction overtakes a slow reader. */
export function* snapshotRows(
  log: RevisionLog,
  query: SnapshotQuery,
): Generator<SnapshotRow, void, undefined> {
  let after = query.after;
  for (;;) {
    if (query.version < log.compactedVersion()) throw versionTooOld(query.version, log.compactedVersion());
    const batch = log.snapshot({ ...query, after }, BATCH_SIZE);
    yield* batch;
    after = batch.at(-1);
    if (batch.length < BATCH_SIZE || !after) return;
  }
}

function readLimit(limit: number | undefined): number {
  if (limit === undefined || limit === 0) return Number.POSITIVE_INFINITY;
  if (Number.isInteger(limit) && limit > 0) return limit;
  throw new ApiError('BadRequest', `limit: ${limit} is not a whole number of 0 (no limit) or more`);
}

function encodePosition(position: Position): string {
  return Buffer.from(JSON.stringify(position)).toString('base64url');
}

function decodePosition(token: string): Position {
  let position: unknown;
  try {
    position = JSON.parse(Buffer.from(token, 'base64url').toString()) as unknown;
  } catch {
    position = null;
  }
  if (isRecord(position)) {
    const { version, namespace, name } = position;
    if (Number.isSafeInteger(version) && typeof namespace === 'string' && typeof name === 'string') {
      return { version: Number(version), namespace, name };
    }
  }
  throw new ApiError(
    'BadRequest',
    'continue: the token is not one that a list returned; list again without it',
  );
}
