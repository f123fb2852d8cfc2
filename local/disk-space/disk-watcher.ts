import { statfsSync } from 'node:fs';
import { sleep, type Cancel, type Clock } from '../../core/clock.ts';
import { DISK_FULL, type DiskSpace } from '../../core/disk-space.ts';
import { errorMessage } from '../../core/errors.ts';
import type { Logger } from '../../core/logger.ts';

/** What a disk says of itself. */
export interface FreeSpace {
  /** Bytes that this user may still write. */
  readonly freeBytes: number;
  readonly sizeBytes: number;
  /** Files that can still be made; null where the file system has no limit. */
  readonly freeFiles: number | null;
}

export interface DiskWatcherOptions {
  /** May throw. */
  readonly look: () => FreeSpace;
  /** Bytes below which nothing is started; 0 for no floor; `defaultFloor` where absent. */
  readonly floorBytes?: number | undefined;
  readonly clock: Clock;
  readonly logger: Logger;
}

const LOOK_MS = 2_000;
/** So many looks in a row must be good after a write has failed although the disk says that it has room. */
const LOOKS_AFTER_FAILURE = 3;
/** Room must exceed the floor by this factor before work goes on, so that it does not stop and go. */
const ROOM_FACTOR = 1.25;

const MIB = 2 ** 20;
const GIB = 2 ** 30;
const DEFAULT_FLOOR = 64 * MIB;
const SHARE_OF_SMALL_DISK = 0.05;

/** 64 MiB, or a twentieth of a disk that is smaller than 1.25 GiB. */
export function defaultFloor(sizeBytes: number): number {
  return Math.min(DEFAULT_FLOOR, sizeBytes * SHARE_OF_SMALL_DISK);
}

/** Looks at a disk every two seconds and says when its free space is below the floor. */
export class DiskWatcher implements DiskSpace {
  readonly #options: DiskWatcherOptions;
  readonly #listeners = new Set<() => void>();
  #shortage: string | null = null;
  #looksToGo = 0;
  #isBlind = false;

  /** Looks at once. */
  constructor(options: DiskWatcherOptions) {
    this.#options = options;
    this.#look();
  }

  get shortage(): string | null {
    return this.#shortage;
  }

  onChange(listener: () => void): Cancel {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  noteFull(): void {
    this.#looksToGo = LOOKS_AFTER_FAILURE;
    this.#set(
      'The last write found no room on the disk of the data directory. No trial starts until there is room.',
    );
  }

  /** Looks again and again until aborted. Never rejects. */
  async run(signal: AbortSignal): Promise<void> {
    const waited = (): Promise<boolean> =>
      sleep(this.#options.clock, LOOK_MS, signal).then(
        () => true,
        () => false,
      );
    while (await waited()) this.#look();
  }

  #look(): void {
    const space = this.#ask();
    if (!space) return;
    const { freeBytes, sizeBytes, freeFiles } = space;
    const floor = this.#options.floorBytes ?? defaultFloor(sizeBytes);
    const wanted = this.#shortage === null ? floor : floor * ROOM_FACTOR;
    if (floor > 0 && freeFiles === 0) this.#lack('No more files can be made');
    else if (floor > 0 && freeBytes < wanted)
      this.#lack(`Only ${size(freeBytes)} of at least ${size(floor)} are free`);
    else if (this.#looksToGo > 0) this.#looksToGo--;
    else this.#set(null);
  }

  #lack(what: string): void {
    this.#set(`${what} on the disk of the data directory. No trial starts until there is room.`);
  }

  #ask(): FreeSpace | null {
    try {
      const space = this.#options.look();
      this.#isBlind = false;
      return space;
    } catch (error) {
      if (!this.#isBlind)
        this.#options.logger.warn('free space cannot be looked at', { error: errorMessage(error) });
      this.#isBlind = true;
      return null;
    }
  }

  #set(shortage: string | null): void {
    if ((shortage === null) === (this.#shortage === null)) return;
    this.#shortage = shortage;
    const { logger } = this.#options;
    if (shortage === null) logger.info('the disk has room again, trials start');
    else logger.error('the disk is full, no trial starts', { code: DISK_FULL, shortage });
    for (const listener of this.#listeners) listener();
  }
}

/** The disk on which `directory` is. Throws where that does not exist. */
export function freeSpaceOf(directory: string): FreeSpace {
  const { bsize, bavail, blocks, files, ffree } = statfsSync(directory);
  return {
    freeBytes: bsize * bavail,
    sizeBytes: bsize * blocks,
    freeFiles: files === 0 ? null : ffree,
  };
}

function size(bytes: number): string {
  return bytes < GIB ? `${(bytes / MIB).toFixed(1)} MiB` : `${(bytes / GIB).toFixed(1)} GiB`;
}
