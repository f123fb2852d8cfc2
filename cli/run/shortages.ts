import { DISK_FULL, type DiskSpace } from '../../core/disk-space.ts';

/** Tells when the disk becomes full and when it has room again, by no way that needs the disk. */
export function tellShortages(space: DiskSpace, tell: (line: string) => void): void {
  const say = (): void => {
    if (space.shortage === null) tell('The disk of the data directory has room again: trials start.');
    else tell(`Warning ${DISK_FULL}: ${space.shortage}`);
  };
  if (space.shortage !== null) say();
  space.onChange(say);
}
