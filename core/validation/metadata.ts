import type { ObjectMeta } from '../kubernetes-object.ts';
import { type Issues, quoted, specIssue } from './issue.ts';

/** Katib's limit: trial names, job names and pod names are longer, and a label holds at most 63 characters. */
export const MAX_NAME_LENGTH = 40;

/** What the API server appends to `generateName`. */
const GENERATED_SUFFIX_LENGTH = 5;

const NAME = /^[a-z]([-a-z0-9]*[a-z0-9])?$/;
const NAME_PREFIX = /^[a-z][-a-z0-9]*$/;

export function* checkMetadata({ name, generateName }: ObjectMeta): Issues {
  if (name !== undefined && name !== '') {
    if (!NAME.test(name) || name.length > MAX_NAME_LENGTH) yield invalidName('name', name, MAX_NAME_LENGTH);
  } else if (generateName !== undefined && generateName !== '') {
    const limit = MAX_NAME_LENGTH - GENERATED_SUFFIX_LENGTH;
    if (!NAME_PREFIX.test(generateName) || generateName.length > limit) {
      yield invalidName('generateName', generateName, limit);
    }
  } else {
    yield specIssue('SPEC_REQUIRED', ['metadata', 'name'], 'name is missing.', 'Give the experiment a name.');
  }
}

function invalidName(field: string, name: string, limit: number): ReturnType<typeof specIssue> {
  const what =
    name.length > limit ? `has ${name.length} characters` : 'has characters that names of trials cannot have';
  return specIssue(
    'SPEC_NAME_INVALID',
    ['metadata', field],
    `The ${field} ${quoted(name)} ${what}.`,
    `Write at most ${limit} small letters, digits and hyphens; begin with a letter, end with a letter or digit.`,
  );
}
