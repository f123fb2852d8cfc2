import type { Cancel } from './clock.ts';

/** Stable code of everything that is told about a disk without room: conditions, events, answers of the APIs. */
export const DISK_FULL = 'DISK_FULL';

/** Whether the disk under the service has room for what is started next. */
export interface DiskSpace {
  /** What to tell while there is too little room; null while there is enough. The same text as long as one shortage lasts. */
  readonly shortage: string | null;
  /** Calls `listener` after each change of `shortage`. */
  onChange(listener: () => void): Cancel;
  /** A write has just failed for want of room, whatever the disk says of itself: a quota, for example. */
  noteFull(): void;
}

/** For places where nothing is known of a disk: there is always room. */
export const UNLIMITED_SPACE: DiskSpace = {
  shortage: null,
  onChange: () => () => undefined,
  noteFull: () => undefined,
};

/** Resolves as soon as there is room; rejects with the signal's reason when that is aborted before. */
export function untilRoom(space: DiskSpace, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = (settle: () => void): void => {
      forget();
      signal.removeEventListener('abort', onAbort);
      settle();
    };
    const onAbort = (): void =>
      end(() => reject(signal.reason instanceof Error ? signal.reason : new Error('aborted')));
    const look = (): void => {
      if (space.shortage === null) end(resolve);
    };
    const forget = space.onChange(look);
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) onAbort();
    else look();
  });
}

/** What the system, SQLite and the stores say when a write finds no room. */
const FULL_CODES: ReadonlySet<unknown> = new Set(['ENOSPC', 'EDQUOT', 'SQLITE_FULL', 'DB_FULL', DISK_FULL]);

/** Whether something was refused because a disk, or the user's share of it, is full. */
export function isDiskFull(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return ('code' in error && FULL_CODES.has(error.code)) || isDiskFull(error.cause);
}
