import { nearest } from '../did-you-mean.ts';
import type { TrialTemplate } from '../experiment.ts';
import { jobKind, knownJobKinds } from '../job-kinds.ts';
import type { JsonObject } from '../json.ts';
import { neutralManifest } from '../trial-template.ts';
import { type Issues, quoted, specIssue, type SpecPath } from './issue.ts';
import { jobConditionProblem } from './job-condition.ts';
import { checkPodTemplates } from './pod-templates.ts';
import { checkReservedMetadata } from './reserved-names.ts';
import { checkTrialParameters, TEMPLATE_PATH } from './trial-parameters.ts';

const SPEC_PATH = [...TEMPLATE_PATH, 'trialSpec'];

/** `parameterNames` is null where the names of the search parameters are not known. */
export function* checkTrialTemplate(
  template: TrialTemplate,
  parameterNames: readonly string[] | null,
): Issues {
  const { trialSpec, configMap } = template;
  if ((trialSpec === undefined) === (configMap === undefined)) {
    const what = trialSpec === undefined ? 'neither trialSpec nor configMap' : 'both trialSpec and configMap';
    const message = `The template has ${what}.`;
    yield specIssue('SPEC_TEMPLATE_SOURCE', TEMPLATE_PATH, message, 'Write exactly one of them.');
  }
  if (configMap) yield* checkConfigMap(configMap);
  if (!template.primaryContainerName) {
    const message = 'primaryContainerName is missing: nobody could tell which container trains.';
    const remedy = 'Write the name of the training container of the template.';
    yield specIssue('SPEC_REQUIRED', [...TEMPLATE_PATH, 'primaryContainerName'], message, remedy);
  }
  const manifest = trialSpec && neutralManifest(trialSpec);
  if (manifest) yield* checkManifest(manifest, template, SPEC_PATH);
  yield* checkConditions(template, manifest);
  yield* checkTrialParameters(template, trialSpec ?? null, parameterNames);
}

/**
 * What is wrong with the text of a ConfigMap template, once it is known. Throws SpecError where the text is not a
 * manifest at all.
 */
export function* checkTemplateText(
  template: TrialTemplate,
  text: string,
  parameterNames: readonly string[] | null,
): Issues {
  yield* checkManifest(neutralManifest(text), template, [...TEMPLATE_PATH, 'configMap']);
  yield* checkTrialParameters(template, text, parameterNames);
}

function* checkConfigMap(configMap: NonNullable<TrialTemplate['configMap']>): Issues {
  for (const field of ['configMapName', 'configMapNamespace', 'templatePath'] as const) {
    if (configMap[field] !== '') continue;
    const path = [...TEMPLATE_PATH, 'configMap', field];
    yield specIssue('SPEC_REQUIRED', path, `${field} is empty.`, 'Write where the template stands.');
  }
}

/** `path` is where the manifest stands, or where it comes from. */
function* checkManifest(manifest: JsonObject, template: TrialTemplate, path: SpecPath): Issues {
  for (const field of ['apiVersion', 'kind']) {
    if (typeof manifest[field] === 'string' && manifest[field] !== '') continue;
    const message = `${field} is missing: the template is the manifest of a job.`;
    const remedy = 'Write apiVersion and kind, for example batch/v1 and Job.';
    yield specIssue('SPEC_TEMPLATE_INVALID', [...path, field], message, remedy);
  }
  yield* checkReservedMetadata(manifest, path);
  const kind = jobKind(typeof manifest.kind === 'string' ? manifest.kind : '');
  if (kind) yield* checkPodTemplates(manifest, kind, template, path);
}

/** A ConfigMap's kind of job is not known before the template is read, so there are no defaults for it (Katib's rule). */
function* checkConditions(template: TrialTemplate, manifest: JsonObject | undefined): Issues {
  const name = typeof manifest?.kind === 'string' ? manifest.kind : undefined;
  const kind = name === undefined ? undefined : jobKind(name);
  // Neither source nor kind: the template has an issue already, and its conditions would only repeat it.
  const kindIsOpen = name === undefined && template.configMap === undefined;
  for (const field of ['successCondition', 'failureCondition'] as const) {
    const condition = template[field];
    const path = [...TEMPLATE_PATH, field];
    if (condition !== undefined) {
      const problem = jobConditionProblem(condition);
      if (problem === undefined) continue;
      yield specIssue(
        'SPEC_CONDITION_INVALID',
        path,
        `${field} is ${quoted(condition)}, which ${problem}.`,
        EXAMPLE,
      );
    } else if (!kindIsOpen && kind?.[field] == null) {
      const what = name === undefined ? 'a template from a ConfigMap' : `the kind ${name}`;
      const message = `${field} is missing, and there is no default for ${what}.`;
      yield specIssue('SPEC_CONDITION_REQUIRED', path, message, `${meantKind(name)}${EXAMPLE}`);
    }
  }
}

/** A misspelt kind looks like one that nobody has heard of. */
function meantKind(name: string | undefined): string {
  const near = name === undefined ? undefined : nearest(name, knownJobKinds());
  return near === undefined ? '' : `Did you mean the kind ${near}? Otherwise: `;
}

const EXAMPLE =
  'Write a GJSON expression such as status.conditions.#(type=="Succeeded")#|#(status=="True")#, in single quotes.';
