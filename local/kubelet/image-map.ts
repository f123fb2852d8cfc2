import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { errorMessage, SpecError, type SpecIssue } from '../../core/errors.ts';
import { literalPattern } from './literal-pattern.ts';

/** What stands on this computer for a container image. All directories are absolute. */
export interface ImageMapping {
  /** Holds the image's files: `/opt/app` of the image is `<root>/opt/app` here. */
  readonly root: string | null;
  /** Paths of the image and where they are here, besides `root`. */
  readonly pathMap: readonly { readonly from: string; readonly to: string }[];
  /** Put in front of every command of the image, for example `conda run -n tf`. */
  readonly commandPrefix: readonly string[];
  /** The command of containers that have none. */
  readonly entrypoint: readonly string[];
  readonly workingDir: string | null;
  readonly env: Readonly<Record<string, string>>;
}

export interface ImageMap {
  /** The mapping of an image; an exact name goes before a pattern, a longer pattern before a shorter one. */
  find(image: string): ImageMapping | undefined;
}

export const EMPTY_IMAGE_MAP: ImageMap = { find: () => undefined };

/** Several maps as one: the first that knows an image decides. */
export function combineImageMaps(maps: readonly ImageMap[]): ImageMap {
  return {
    find(image) {
      for (const map of maps) {
        const mapping = map.find(image);
        if (mapping) return mapping;
      }
      return undefined;
    },
  };
}

const LONGEST_NAME = 10_000;

const imageSchema = z.strictObject({
  root: z.string().min(1).optional(),
  pathMap: z.record(z.string().startsWith('/'), z.string().min(1)).optional(),
  command: z.array(z.string()).optional(),
  entrypoint: z.array(z.string()).min(1).optional(),
  workingDir: z.string().min(1).optional(),
  env: z.record(z.string(), z.string()).optional(),
});

/** `katydid.config.yaml`. */
export const localConfigSchema = z.strictObject({ images: z.record(z.string(), imageSchema).optional() });

/** Reads `katydid.config.yaml`; no such file means that no image is mapped. SpecError as `parseImageMap`. */
export function readImageMap(file: string): ImageMap {
  if (!existsSync(file)) return EMPTY_IMAGE_MAP;
  const text = readFileSync(file, 'utf8');
  return parseImageMap(parseYaml(text, file), path.dirname(path.resolve(file)), file);
}

/**
 * The `images` of a parsed `katydid.config.yaml`. Relative directories start at `baseDir`, the directory of the file.
 * SpecError names every entry that is wrong.
 */
export function parseImageMap(value: unknown, baseDir: string, subject = 'katydid.config.yaml'): ImageMap {
  const parsed = localConfigSchema.safeParse(value ?? {});
  if (!parsed.success) throw new SpecError(subject, parsed.error.issues.map(configIssue));
  const entries = Object.entries(parsed.data.images ?? {}).map(([pattern, entry]) => ({
    pattern,
    matches: imageMatcher(pattern),
    mapping: toMapping(entry, baseDir),
  }));
  entries.sort((a, b) => specificity(b.pattern) - specificity(a.pattern));
  return { find: (image) => entries.find((entry) => entry.matches(image))?.mapping };
}

function parseYaml(text: string, subject: string): unknown {
  try {
    return parse(text);
  } catch (error) {
    const remedy = 'Correct the YAML.';
    throw new SpecError(subject, [
      { code: 'CONFIG_INVALID', path: [], message: errorMessage(error), remedy },
    ]);
  }
}

function configIssue(issue: z.core.$ZodIssue): SpecIssue {
  return {
    code: 'CONFIG_INVALID',
    path: issue.path.map((step) => (typeof step === 'number' ? step : String(step))),
    message: `${issue.message}.`,
    remedy: 'Known keys of an image: root, pathMap, command, entrypoint, workingDir, env.',
  };
}

function toMapping(entry: z.infer<typeof imageSchema>, baseDir: string): ImageMapping {
  const root = entry.root === undefined ? null : path.resolve(baseDir, entry.root);
  return {
    root,
    pathMap: Object.entries(entry.pathMap ?? {}).map(([from, to]) => ({
      from: path.posix.normalize(from).replace(/\/$/, ''),
      to: path.resolve(baseDir, to),
    })),
    commandPrefix: entry.command ?? [],
    entrypoint: entry.entrypoint ?? [],
    workingDir: entry.workingDir === undefined ? null : resolveWorkingDir(entry.workingDir, root, baseDir),
    env: entry.env ?? {},
  };
}

/** An absolute working directory is the image's where the image's root has it. */
function resolveWorkingDir(workingDir: string, root: string | null, baseDir: string): string {
  if (!path.isAbsolute(workingDir)) return path.resolve(baseDir, workingDir);
  const inRoot = root === null ? null : path.join(root, workingDir);
  return inRoot !== null && existsSync(inRoot) ? inRoot : workingDir;
}

/** A whole name goes before any pattern, and of two names that fit (with and without a tag) the longer one counts. */
function specificity(pattern: string): number {
  return (pattern.includes('*') ? 0 : LONGEST_NAME) + pattern.length;
}

function imageMatcher(pattern: string): (image: string) => boolean {
  const parts = canonicalName(pattern).split('*').map(literalPattern);
  const expression = new RegExp(`^${parts.join('.*')}$`);
  return (image) => {
    const name = canonicalName(image);
    return expression.test(name) || expression.test(withoutTag(name));
  };
}

/** `docker.io/library/python:3` and `python:3` are one image. */
function canonicalName(image: string): string {
  return image.replace(/^docker\.io\//, '').replace(/^library\//, '');
}

function withoutTag(image: string): string {
  return image.replace(/@.*$/, '').replace(/:[^/:]*$/, '');
}
