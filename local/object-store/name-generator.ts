import { randomInt } from 'node:crypto';

/** apimachinery's alphabet: no vowels and nothing that looks like another letter, so that no words come about. */
const ALPHABET = 'bcdfghjklmnpqrstvwxz2456789';
const SUFFIX_LENGTH = 5;
/** Generated names stay usable as label values. */
const MAX_BASE_LENGTH = 63 - SUFFIX_LENGTH;

/** `generateName` with five random characters; a longer base is cut so that the name has 63 characters at most. */
export function generatedName(base: string): string {
  const suffix = Array.from({ length: SUFFIX_LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
  return base.slice(0, MAX_BASE_LENGTH) + suffix;
}
