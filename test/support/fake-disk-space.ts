import type { Cancel } from '../../core/clock.ts';
import type { DiskSpace } from '../../core/disk-space.ts';

/** A disk that is full when the test says so. */
export class FakeDiskSpace implements DiskSpace {
  shortage: string | null;
  /** How often a write found no room. */
  refusals = 0;
  readonly #listeners = new Set<() => void>();

  constructor(shortage: string | null = null) {
    this.shortage = shortage;
  }

  onChange(listener: () => void): Cancel {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  noteFull(): void {
    this.refusals++;
  }

  set(shortage: string | null): void {
    this.shortage = shortage;
    for (const listener of this.#listeners) listener();
  }
}
