import { existsSync } from 'node:fs';
import path from 'node:path';

/** A text of a container's specification, and what it has become on this computer. */
export interface PlacedText {
  /** Where it stands in the container, for example `args[2]` or `env MODEL_DIR`. */
  readonly place: string;
  readonly written: string;
  readonly here: string;
}

/** A path that is nowhere here: probably the image's. */
export type UnmappedPath = PlacedText;

const ABSOLUTE = /^(?:--?[\w.-]+=)?(\/[^\s:,;"'$*]+)$/;

/**
 * The texts that are absolute paths (`--option=` may stand before one) and lead nowhere on this computer. Inside the
 * directories of `volumes` a program makes what it needs.
 */
export function unmappedPaths(texts: readonly PlacedText[], volumes: Iterable<string>): UnmappedPath[] {
  const roots = [...volumes].map((volume) => `${volume}/`);
  return texts.flatMap(({ place, written, here }) => {
    const there = ABSOLUTE.exec(here)?.[1];
    if (there === undefined || mayExist(there) || roots.some((root) => there.startsWith(root))) return [];
    return [{ place, written: ABSOLUTE.exec(written)?.[1] ?? written, here: there }];
  });
}

/** A path whose directory exists may be one that the program is going to write. */
function mayExist(file: string): boolean {
  return existsSync(file) || existsSync(path.dirname(file));
}
