import { existsSync } from 'node:fs';
import path from 'node:path';
import { literalPattern } from './literal-pattern.ts';

/** A path as the pod sees it and where it is on this computer. Both absolute, without a slash at the end. */
export interface PathMapping {
  readonly from: string;
  readonly to: string;
}

/** Paths of a container, translated to paths of this computer. */
export interface PathRewriter {
  /** Every mapped path inside a text: an argument, a shell script, the value of a variable. */
  readonly rewriteText: (text: string) => string;
  /** One path: the longest mapping above it decides; without one it stays. */
  readonly resolve: (podPath: string) => string;
}

/** A path ends neither the text before it (`x/data`, `a.b/data`, `$(pwd)/data`, `http://host/data`) … */
const NOT_INSIDE_PATH = String.raw`(?:(?<![\w.\-/)}\]*?~%@+])|(?<=\bfile:\/\/))`;
/** … nor goes on with a longer name (`/data` of `/data-old` or `/data.txt`). */
const AT_NAME_END = String.raw`(?![\w.\-@+~%])`;
const ABSOLUTE_PATH = new RegExp(`${NOT_INSIDE_PATH}/[\\w.\\-@+~%][\\w.\\-@+~%/]*`, 'g');

/**
 * Translates `mappings`, longest first, in one pass, so that a target that looks like a mapped path is left alone.
 * `imageRoot` holds the files of the container's image: a path that no mapping covers and that exists there is found
 * there.
 */
export function pathRewriter(mappings: readonly PathMapping[], imageRoot: string | null): PathRewriter {
  const targets = new Map(mappings.map(({ from, to }) => [from, to]));
  const longestFirst = [...targets.keys()].sort((a, b) => b.length - a.length);
  const pattern = mappingPattern(longestFirst);
  const inImage = (absolute: string): string | undefined => {
    if (imageRoot === null) return undefined;
    const candidate = path.join(imageRoot, absolute);
    return existsSync(candidate) ? candidate : undefined;
  };
  const translated = (absolute: string): string | undefined => {
    const prefix = longestFirst.find((from) => absolute === from || absolute.startsWith(`${from}/`));
    if (prefix === undefined) return inImage(absolute);
    return `${targets.get(prefix) ?? prefix}${absolute.slice(prefix.length)}`;
  };
  return {
    resolve(podPath) {
      const normal = path.posix.normalize(podPath).replace(/(?<=.)\/$/, '');
      return translated(normal) ?? podPath;
    },
    rewriteText(text) {
      if (imageRoot !== null) return text.replace(ABSOLUTE_PATH, (found) => translated(found) ?? found);
      return pattern ? text.replace(pattern, (found) => targets.get(found) ?? found) : text;
    },
  };
}

function mappingPattern(longestFirst: readonly string[]): RegExp | undefined {
  if (longestFirst.length === 0) return undefined;
  const alternatives = longestFirst.map(literalPattern).join('|');
  return new RegExp(`${NOT_INSIDE_PATH}(?:${alternatives})${AT_NAME_END}`, 'g');
}
