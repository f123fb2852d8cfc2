import type { SpecIssue } from '../errors.ts';
import type { ParameterSpec } from '../experiment.ts';
import type { Parameter } from '../search-space.ts';
import { type Issues, quoted, specIssue, type SpecPath } from './issue.ts';
import { readDouble, readInt } from './numeric-parameter.ts';
import { readCategorical, readDiscrete } from './listed-parameter.ts';

/** Parses one search parameter; null where it cannot be used, and then `issues` gets why. */
export function readParameter(spec: ParameterSpec, path: SpecPath, issues: SpecIssue[]): Parameter | null {
  switch (spec.parameterType) {
    case 'double':
      return readDouble(spec, path, issues);
    case 'int':
      return readInt(spec, path, issues);
    case 'discrete':
      return readDiscrete(spec, path, issues);
    case 'categorical':
      return readCategorical(spec, path, issues);
  }
}

/** What is wrong with the name of one parameter. */
export function* checkParameterName(name: string, path: SpecPath): Issues {
  const namePath = [...path, 'name'];
  if (name.trim() === '') {
    yield specIssue(
      'SPEC_PARAMETER_NAME_INVALID',
      namePath,
      'The name is empty.',
      'Give the parameter a name.',
    );
  } else if (name !== name.trim()) {
    yield specIssue(
      'SPEC_PARAMETER_NAME_INVALID',
      namePath,
      `The name ${quoted(name)} begins or ends with a space.`,
      `Write ${quoted(name.trim())}.`,
    );
  } else if (/[{}]/.test(name)) {
    yield specIssue(
      'SPEC_PARAMETER_NAME_INVALID',
      namePath,
      `The name ${quoted(name)} has a brace.`,
      'Leave { and } out: they delimit placeholders and trial metadata.',
    );
  }
}

/** Names that stand more than once; each later one is an issue. */
export function* checkDistinctNames(
  names: readonly (string | undefined)[],
  issueOf: (name: string, index: number, first: number) => SpecIssue,
): Issues {
  const firstIndex = new Map<string, number>();
  for (const [index, name] of names.entries()) {
    if (name === undefined) continue;
    const first = firstIndex.get(name);
    if (first === undefined) firstIndex.set(name, index);
    else yield issueOf(name, index, first);
  }
}

/** Parameters with the same name; `undefined` stands for one whose name cannot be read. */
export function* checkDistinctParameters(names: readonly (string | undefined)[], path: SpecPath): Issues {
  yield* checkDistinctNames(names, (name, index, first) =>
    specIssue(
      'SPEC_PARAMETER_DUPLICATE',
      [...path, index, 'name'],
      `The name ${quoted(name)} stands twice, first at index ${first}.`,
      'Give every parameter a name of its own.',
    ),
  );
}
