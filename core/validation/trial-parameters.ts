import { didYouMean } from '../did-you-mean.ts';
import type { TrialParameter, TrialTemplate } from '../experiment.ts';
import { METADATA_REFERENCES, metadataText, parseTrialReference } from '../trial-reference.ts';
import { neutralManifest, placeholderUses, textsOf, type TrialTemplateSource } from '../trial-template.ts';
import { type Issues, quoted, specIssue } from './issue.ts';
import { checkDistinctNames } from './parameters.ts';

export const TEMPLATE_PATH = ['spec', 'trialTemplate'];
const PATH = [...TEMPLATE_PATH, 'trialParameters'];

/**
 * Whether search parameters, trial parameters and placeholders fit together. `source` is null where the template's
 * text is not known, `parameterNames` where the search parameters are not.
 */
export function* checkTrialParameters(
  template: TrialTemplate,
  source: TrialTemplateSource | null,
  parameterNames: readonly string[] | null,
): Issues {
  const declared = template.trialParameters ?? [];
  yield* checkNames(declared);
  for (const [index, parameter] of declared.entries()) {
    yield* checkReference(parameter, index, source, parameterNames);
  }
  if (source !== null) yield* checkPlaceholders(declared, source);
  if (parameterNames !== null) yield* checkEveryParameterIsUsed(declared, parameterNames);
}

function* checkNames(declared: readonly TrialParameter[]): Issues {
  for (const [index, { name }] of declared.entries()) {
    if (name !== '' && !/[{}]/.test(name)) continue;
    const message = `The name ${quoted(name)} is empty or has a brace.`;
    const remedy = 'Write a name that ${trialParameters.<name>} can refer to.';
    yield specIssue('SPEC_TRIAL_PARAMETER_INVALID', [...PATH, index, 'name'], message, remedy);
  }
  for (const field of ['name', 'reference'] as const) {
    const values = declared.map((parameter) => parameter[field]);
    yield* checkDistinctNames(values, (value, index, first) =>
      specIssue(
        'SPEC_TRIAL_PARAMETER_DUPLICATE',
        [...PATH, index, field],
        `The ${field} ${quoted(value)} stands twice, first at index ${first}.`,
        'Keep one: a placeholder may be used as often as needed.',
      ),
    );
  }
}

function* checkReference(
  { reference }: TrialParameter,
  index: number,
  source: TrialTemplateSource | null,
  parameterNames: readonly string[] | null,
): Issues {
  const path = [...PATH, index, 'reference'];
  const parsed = parseTrialReference(reference);
  if (reference === '') {
    const remedy = 'Write the name of a search parameter.';
    yield specIssue('SPEC_REQUIRED', path, 'reference is empty.', remedy);
  } else if (parsed.kind === 'unknownMetadata') {
    const message = `A trial has no metadata ${quoted(reference)}.`;
    yield specIssue('SPEC_REFERENCE_UNKNOWN', path, message, didYouMean(reference, METADATA_REFERENCES));
  } else if (parsed.kind === 'metadataEntry') {
    const identity = { trialName: '', trialNamespace: '' };
    if (source === null || metadataText(parsed, neutralManifest(source), identity) !== undefined) return;
    const message = `The template has no ${parsed.field.toLowerCase()} entry ${quoted(parsed.key)}.`;
    const remedy = `Add it to the template's metadata.${parsed.field.toLowerCase()}.`;
    yield specIssue('SPEC_REFERENCE_UNKNOWN', path, message, remedy);
  } else if (parsed.kind === 'parameter' && parameterNames?.includes(reference) === false) {
    const message = `There is no search parameter ${quoted(reference)}.`;
    yield specIssue('SPEC_REFERENCE_UNKNOWN', path, message, didYouMean(reference, parameterNames));
  }
}

/** Placeholders with a slip in their first word, and metadata that skips the trial parameters. */
const NEAR_PLACEHOLDER =
  /\$\{(?!trialParameters\.[^{}])\s*trial[A-Za-z]*\s*\.[^{}]*\}|(?<![${])\{\s*trialParameters?\.[^{}]*\}/gi;

function* checkPlaceholders(declared: readonly TrialParameter[], source: TrialTemplateSource): Issues {
  const sourcePath =
    typeof source === 'string' ? [...TEMPLATE_PATH, 'configMap'] : [...TEMPLATE_PATH, 'trialSpec'];
  const names = declared.map(({ name }) => name);
  const uses = placeholderUses(source);
  const used = new Set(uses.map(({ name }) => name));
  for (const [index, name] of names.entries()) {
    if (name === '' || used.has(name)) continue;
    const message = `The template has no placeholder for trial parameter ${quoted(name)}.`;
    const remedy = `Write \${trialParameters.${name}} where the value goes, or remove the trial parameter.`;
    yield specIssue('SPEC_TRIAL_PARAMETER_UNUSED', [...PATH, index, 'name'], message, remedy);
  }
  for (const { name, path } of uses) {
    if (names.includes(name)) continue;
    const message = `No trial parameter declares the placeholder \${trialParameters.${name}}.`;
    const remedy = `${didYouMean(name, names)} Or add it to trialParameters.`;
    yield specIssue('SPEC_PLACEHOLDER_UNDEFINED', [...sourcePath, ...path], message, remedy);
  }
  for (const { text, path } of textsOf(source, [])) {
    for (const [placeholder] of text.matchAll(NEAR_PLACEHOLDER)) {
      const message = `${placeholder} is not a placeholder, so trials would get it as it stands.`;
      const remedy =
        'Write ${trialParameters.<name>}, and declare metadata as a trial parameter with that reference.';
      yield specIssue('SPEC_PLACEHOLDER_UNDEFINED', [...sourcePath, ...path], message, remedy);
    }
  }
}

function* checkEveryParameterIsUsed(
  declared: readonly TrialParameter[],
  parameterNames: readonly string[],
): Issues {
  const references = new Set(declared.map(({ reference }) => reference));
  for (const [index, name] of parameterNames.entries()) {
    if (references.has(name)) continue;
    const message = `No trial parameter refers to ${quoted(name)}, so no trial would see its value.`;
    const remedy = `Add one with reference: ${name} to trialTemplate.trialParameters.`;
    yield specIssue('SPEC_PARAMETER_UNUSED', ['spec', 'parameters', index, 'name'], message, remedy);
  }
}
