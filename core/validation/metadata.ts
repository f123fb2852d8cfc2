import type { ObjectMeta } from '../kubernetes-object.ts';
import { dnsLabelProblem, labelValueProblem, qualifiedNameProblem } from '../label-syntax.ts';
import { type Issues, quoted, specIssue } from './issue.ts';

/** Katib's limit: trial names, job names and pod names are longer, and a label holds at most 63 characters. */
export const MAX_NAME_LENGTH = 40;

/** What the API server appends to `generateName`. */
const GENERATED_SUFFIX_LENGTH = 5;

const NAME = /^[a-z]([-a-z0-9]*[a-z0-9])?$/;
const NAME_PREFIX = /^[a-z][-a-z0-9]*$/;

export function* checkMetadata(metadata: ObjectMeta): Issues {
  yield* checkName(metadata);
  yield* checkNamespace(metadata.namespace ?? '');
  yield* checkLabels(metadata.labels ?? {});
}

function* checkName({ name, generateName }: ObjectMeta): Issues {
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

function* checkNamespace(namespace: string): Issues {
  if (namespace === '' || dnsLabelProblem(namespace) === null) return;
  const message = `The namespace ${quoted(namespace)} is not a name that a namespace can have.`;
  const remedy = 'Write small letters, digits and hyphens; begin and end with a letter or digit.';
  yield specIssue('SPEC_NAME_INVALID', ['metadata', 'namespace'], message, remedy);
}

/** Trials and pods get the labels too, so that one that Kubernetes refuses would fail every trial. */
function* checkLabels(labels: Readonly<Record<string, string>>): Issues {
  for (const [key, value] of Object.entries(labels)) {
    const keyProblem = qualifiedNameProblem(key);
    const problem = keyProblem ?? labelValueProblem(value);
    if (problem === null) continue;
    const message = `The label ${keyProblem === null ? 'value' : 'key'} ${quoted(keyProblem === null ? value : key)} is not allowed.`;
    const remedy =
      'Write at most 63 letters, digits, ".", "_" and "-"; begin and end with a letter or digit.';
    yield specIssue('SPEC_LABEL_INVALID', ['metadata', 'labels', key], message, remedy);
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
