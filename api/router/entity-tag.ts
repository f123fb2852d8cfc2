import { createHash } from 'node:crypto';

/** The strong tag of a version of an object. */
export function versionTag(resourceVersion: string): string {
  return `"${resourceVersion}"`;
}

/** The weak tag of an answer's text. */
export function textTag(text: string): string {
  return `W/"${createHash('sha256').update(text).digest('base64url').slice(0, 22)}"`;
}

/**
 * Whether a list of tags, as in `If-Match` and `If-None-Match`, has the tag. Weak tags count as strong ones: a proxy
 * that compresses answers weakens them on the way.
 */
export function hasTag(list: string, tag: string): boolean {
  if (list.trim() === '*') return true;
  return list.split(',').some((entry) => withoutWeakness(entry) === withoutWeakness(tag));
}

function withoutWeakness(tag: string): string {
  return tag.trim().replace(/^W\//, '');
}
