import { errorMessage, SpecError, type SpecIssue } from './errors.ts';
import type { ParameterAssignment, TrialParameter } from './experiment.ts';
import { isJsonObject, type JsonObject } from './json.ts';
import { metadataText, parseTrialReference, type TrialIdentity } from './trial-reference.ts';
import { specIssue } from './validation/issue.ts';
import { parseKubernetesYaml } from './yaml.ts';

/** `${trialParameters.<name>}`: the only thing in a template that rendering replaces. */
const PLACEHOLDER = /\$\{trialParameters\.([^{}]+)\}/g;

/** An inline manifest, or the text of one from a ConfigMap. */
export type TrialTemplateSource = JsonObject | string;

export interface RenderTrialInput extends TrialIdentity {
  template: TrialTemplateSource;
  trialParameters: readonly TrialParameter[];
  assignments: readonly ParameterAssignment[];
}

/**
 * The manifest of one trial's job: every placeholder replaced, `metadata.name` and `metadata.namespace` set.
 *
 * Replacement is one pass: a value that looks like a placeholder stays as it is. In an inline template values go
 * into the text of its strings, so no value can break the document, and numbers stay text (Katib's rule). In a text
 * template they go into the text before it is parsed, so an unquoted placeholder becomes a number.
 *
 * Never changes its input. Throws SpecError for undefined placeholders, references without a value and a text that
 * is not a manifest.
 */
export function renderTrialSpec(input: RenderTrialInput): Record<string, unknown> {
  const manifest = manifestOf(fill(input.template, placeholderValues(input)));
  const metadata = isJsonObject(manifest.metadata) ? manifest.metadata : {};
  return {
    ...manifest,
    metadata: { ...metadata, name: input.trialName, namespace: input.trialNamespace },
  };
}

/** A placeholder and the string it stands in; the path is empty for a text template. */
export interface PlaceholderUse {
  name: string;
  path: (string | number)[];
}

/** Every use of a placeholder in a template, in the order of the document. */
export function placeholderUses(template: TrialTemplateSource): PlaceholderUse[] {
  return [...textsOf(template, [])].flatMap(({ text, path }) =>
    [...text.matchAll(PLACEHOLDER)].map(([, name]) => ({ name: name ?? '', path })),
  );
}

/** The strings of a template, keys of objects included (with the path of their value). */
export function* textsOf(
  value: unknown,
  path: (string | number)[],
): Generator<{ text: string; path: (string | number)[] }> {
  if (typeof value === 'string') yield { text: value, path };
  else if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) yield* textsOf(item, [...path, index]);
  } else if (isJsonObject(value)) {
    for (const [key, item] of Object.entries(value)) {
      yield { text: key, path: [...path, key] };
      yield* textsOf(item, [...path, key]);
    }
  }
}

/** The template with a neutral text in every placeholder: what its kind, labels and containers are. */
export function neutralManifest(template: TrialTemplateSource): JsonObject {
  return manifestOf(fill(template, () => 'test-value'));
}

type ValueOf = (placeholder: string) => string;

/** Metadata of the template may itself hold parameters, so these are filled in before it is read. */
function placeholderValues(input: RenderTrialInput): ValueOf {
  const assigned = new Map(input.assignments.map(({ name, value }) => [name, value]));
  const values = new Map<string, string>();
  const issues: SpecIssue[] = [];
  const pending: TrialParameter[] = [];
  for (const parameter of input.trialParameters) {
    const reference = parseTrialReference(parameter.reference);
    if (reference.kind !== 'parameter') pending.push(parameter);
    else setOrReport(parameter, assigned.get(reference.name));
  }
  if (pending.length > 0) {
    const template = manifestOf(fill(input.template, (name) => values.get(name) ?? 'test-value'));
    for (const parameter of pending) {
      const reference = parseTrialReference(parameter.reference);
      const known = reference.kind === 'metadata' || reference.kind === 'metadataEntry';
      setOrReport(parameter, known ? metadataText(reference, template, input) : undefined);
    }
  }
  if (issues.length > 0) throw new SpecError('The trial template', issues);
  return (name) => values.get(name) ?? refuseUndefined(name);

  function setOrReport(parameter: TrialParameter, value: string | undefined): void {
    if (value === undefined) issues.push(missingValue(parameter));
    else values.set(parameter.name, value);
  }
}

function fill(template: TrialTemplateSource, valueOf: ValueOf): unknown {
  if (typeof template === 'string') return fillText(template, valueOf);
  return fillJson(template, valueOf);
}

function fillText(text: string, valueOf: ValueOf): string {
  return text.replace(PLACEHOLDER, (_, name: string) => valueOf(name));
}

function fillJson(value: unknown, valueOf: ValueOf): unknown {
  if (typeof value === 'string') return fillText(value, valueOf);
  if (Array.isArray(value)) return value.map((item) => fillJson(item, valueOf));
  if (!isJsonObject(value)) return value;
  const entries = Object.entries(value);
  return Object.fromEntries(entries.map(([key, item]) => [fillText(key, valueOf), fillJson(item, valueOf)]));
}

function manifestOf(filled: unknown): JsonObject {
  const manifest = typeof filled === 'string' ? parseText(filled) : filled;
  if (isJsonObject(manifest)) return manifest;
  throw new SpecError('The trial template', [
    specIssue(
      'SPEC_TEMPLATE_INVALID',
      TEMPLATE_PATH,
      'The template is not an object.',
      'Write a Kubernetes manifest with apiVersion and kind.',
    ),
  ]);
}

function parseText(text: string): unknown {
  try {
    return parseKubernetesYaml(text);
  } catch (error) {
    throw new SpecError('The trial template', [
      specIssue(
        'SPEC_TEMPLATE_INVALID',
        TEMPLATE_PATH,
        `The template is not well-formed YAML: ${errorMessage(error)}`,
        'Correct the text in the ConfigMap; quote placeholders whose values may hold quotes or colons.',
      ),
    ]);
  }
}

const TEMPLATE_PATH = ['spec', 'trialTemplate'];

function missingValue(parameter: TrialParameter): SpecIssue {
  return specIssue(
    'SPEC_REFERENCE_UNKNOWN',
    [...TEMPLATE_PATH, 'trialParameters'],
    `Trial parameter "${parameter.name}" refers to ${parameter.reference}, which has no value for this trial.`,
    "Refer to a search parameter, or to metadata that the template's own metadata has.",
  );
}

function refuseUndefined(name: string): never {
  throw new SpecError('The trial template', [
    specIssue(
      'SPEC_PLACEHOLDER_UNDEFINED',
      TEMPLATE_PATH,
      `The template has the placeholder \${trialParameters.${name}}, which no trial parameter declares.`,
      `Add a trial parameter named "${name}", or remove the placeholder.`,
    ),
  ]);
}
