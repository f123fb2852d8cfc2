import { SpecError } from '../../core/errors.ts';
import type { ExperimentSpec, StoredExperiment } from '../../core/experiment.ts';
import { specIssue } from '../../core/validation/issue.ts';
import { checkTemplateText } from '../../core/validation/trial-template.ts';
import { isApiError } from '../../kube/api-error.ts';
import type { KubeClient } from '../../kube/client.ts';
import { CONFIG_MAPS, type ConfigMap } from '../../kube/resource.ts';

/** The inline template, or the text of the one in a ConfigMap. */
export type LoadTemplate = () => Promise<Record<string, unknown> | string>;

/**
 * Reads the experiment's trial template at the first call and keeps it. SpecError where there is none, or where the one
 * in a ConfigMap cannot be used.
 */
export function templateLoader(client: KubeClient, experiment: StoredExperiment): LoadTemplate {
  let loaded: ReturnType<LoadTemplate> | undefined;
  return () => (loaded ??= loadTemplate(client, experiment));
}

async function loadTemplate(client: KubeClient, { spec }: StoredExperiment): ReturnType<LoadTemplate> {
  const { trialSpec, configMap } = spec.trialTemplate;
  if (trialSpec) return trialSpec;
  if (!configMap) throw noTemplate('There is neither a trialSpec nor a configMap.', 'Give one of them.');
  const { configMapName, configMapNamespace, templatePath } = configMap;
  const found = await findConfigMap(client, configMapNamespace, configMapName);
  const text = found?.data?.[templatePath];
  if (text !== undefined) return checkedText(spec, text);
  const where = `ConfigMap ${configMapNamespace}/${configMapName}`;
  const remedy = `Create it, with the template under the key "${templatePath}", and submit the experiment again.`;
  throw noTemplate(found ? `${where} has no key "${templatePath}".` : `${where} does not exist.`, remedy);
}

/** What validation could not see before the text was there. SpecError. */
function checkedText({ trialTemplate, parameters }: ExperimentSpec, text: string): string {
  const names = parameters?.map(({ name }) => name) ?? null;
  const issues = [...checkTemplateText(trialTemplate, text, names)];
  if (issues.length > 0) throw new SpecError('The trial template', issues);
  return text;
}

async function findConfigMap(
  client: KubeClient,
  namespace: string,
  name: string,
): Promise<ConfigMap | undefined> {
  try {
    return await client.get(CONFIG_MAPS, { namespace, name });
  } catch (error) {
    if (isApiError(error, 'NotFound')) return undefined;
    throw error;
  }
}

function noTemplate(message: string, remedy: string): SpecError {
  const path = ['spec', 'trialTemplate', 'configMap'];
  return new SpecError('The experiment', [specIssue('SPEC_TEMPLATE_SOURCE', path, message, remedy)]);
}
