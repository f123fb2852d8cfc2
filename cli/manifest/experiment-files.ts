import { KUBEFLOW_V1BETA1, type Experiment } from '../../core/experiment.ts';
import { isJsonObject } from '../../core/json.ts';
import type { KubeObject } from '../../core/kubernetes-object.ts';
import { specIssue } from '../../core/validation/issue.ts';
import { validateExperiment } from '../../core/validation/validate-experiment.ts';
import type { CompanionObject } from '../../experiments/companion-object.ts';
import { findResource } from '../../kube/resource.ts';
import { checkRunnableHere } from '../../local/runnable-jobs.ts';
import { algorithmCatalog } from '../../suggestion/algorithm-catalog.ts';
import { loadManifests } from './load-manifests.ts';
import { locateIssue, type LocatedIssue } from '../../experiments/manifest/located-issue.ts';
import type { ManifestDocument } from '../../experiments/manifest/manifest-document.ts';

const DEFAULT_NAMESPACE = 'default';

/** Of one document: nobody reads more, and each is looked up in the document. */
const MAX_ISSUES = 500;

/** An experiment that can be run, with a name and a namespace. */
export interface LoadedExperiment {
  file: string;
  experiment: Experiment;
}

/** What the files hold. Nothing should be run while there are issues. */
export interface ExperimentFiles {
  experiments: LoadedExperiment[];
  others: CompanionObject[];
  issues: LocatedIssue[];
}

/** Reads files of YAML or JSON documents (`-` is standard input) and checks everything in them. */
export function loadExperimentFiles(files: readonly string[]): ExperimentFiles {
  const loaded: ExperimentFiles = { experiments: [], others: [], issues: [] };
  for (const file of files) {
    const before = loaded.issues.length;
    const { documents, issues } = loadManifests(file);
    loaded.issues.push(...issues);
    for (const document of documents) takeDocument(document, loaded);
    const isBlameless = loaded.issues.length === before;
    if (isBlameless && !documents.some(isExperimentDocument)) loaded.issues.push(noExperiment(file));
  }
  return loaded;
}

function takeDocument(document: ManifestDocument, loaded: ExperimentFiles): void {
  if (isExperimentDocument(document) || !isOtherObject(document.value)) {
    takeExperiment(document, loaded);
    return;
  }
  const object = withNamespace(document.value);
  const resource = findResource(object.apiVersion, object.kind);
  if (resource) loaded.others.push({ resource, object });
  else loaded.issues.push(locateIssue(unknownKind(object), document));
}

function takeExperiment(document: ManifestDocument, loaded: ExperimentFiles): void {
  const sourceText = document.sourceText.bind(document);
  const { experiment, issues } = validateExperiment(document.value, algorithmCatalog, { sourceText });
  const all = [...issues, ...checkRunnableHere(document.value)];
  loaded.issues.push(...all.slice(0, MAX_ISSUES).map((issue) => locateIssue(issue, document)));
  if (experiment) loaded.experiments.push({ file: document.file, experiment: withNamespace(experiment) });
}

function isExperimentDocument({ value }: ManifestDocument): boolean {
  return isJsonObject(value) && value['kind'] === 'Experiment';
}

/** Complete enough to be an object of some kind; anything less is treated as an experiment, whose check says more. */
function isOtherObject(value: unknown): value is KubeObject {
  return (
    isJsonObject(value) &&
    typeof value['apiVersion'] === 'string' &&
    typeof value['kind'] === 'string' &&
    isJsonObject(value['metadata']) &&
    typeof value['metadata']['name'] === 'string'
  );
}

function withNamespace<T extends KubeObject>(object: T): T {
  const namespace = object.metadata.namespace ?? DEFAULT_NAMESPACE;
  const isNamespaced = findResource(object.apiVersion, object.kind)?.namespaced ?? true;
  return isNamespaced ? { ...object, metadata: { ...object.metadata, namespace } } : object;
}

function unknownKind({ apiVersion, kind }: KubeObject): ReturnType<typeof specIssue> {
  const message = `${kind} of ${apiVersion} is not a kind that can be stored here.`;
  return specIssue('SPEC_KIND_UNKNOWN', ['kind'], message, 'Take the document out of the file.');
}

function noExperiment(file: string): LocatedIssue {
  const message = 'The file holds no Experiment.';
  const remedy = `Write a document with apiVersion: ${KUBEFLOW_V1BETA1} and kind: Experiment.`;
  return { ...specIssue('SPEC_NO_EXPERIMENT', [], message, remedy), file, line: 1, column: 1 };
}
