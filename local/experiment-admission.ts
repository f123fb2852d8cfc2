import { EXPERIMENTS, type ResourceType } from '../kube/resource.ts';
import { ApiError } from '../kube/api-error.ts';
import { formatPath, type SpecIssue } from '../core/errors.ts';
import type { Experiment } from '../core/experiment.ts';
import { isBeingDeleted, type KubeObject } from '../core/kubernetes-object.ts';
import type { AlgorithmCatalog } from '../core/validation/algorithm-catalog.ts';
import { validateExperiment } from '../core/validation/validate-experiment.ts';
import { validateExperimentUpdate } from '../core/validation/validate-experiment-update.ts';
import type { Admission } from './object-store/admission.ts';

/** Refuses Experiments that cannot run, with everything that is wrong with them; lets all other kinds pass. */
export function experimentAdmission(catalog: AlgorithmCatalog): Admission {
  return ({ operation, resource, object, old }) => {
    // What is being deleted only loses its finalizers: it must not be kept by a rule that is newer than itself.
    if (!isExperimentResource(resource) || isBeingDeleted(object)) return object;
    const { experiment, issues } = validateExperiment(object, catalog);
    const all =
      operation === 'UPDATE' && experiment && old ? [...issues, ...updateIssues(old, experiment)] : issues;
    if (all.length > 0) throw invalid(object, all);
    return object;
  };
}

function isExperimentResource(resource: ResourceType): boolean {
  return resource.apiVersion === EXPERIMENTS.apiVersion && resource.kind === EXPERIMENTS.kind;
}

/** The store keeps Experiments only: whatever was there has passed this check before. */
function updateIssues(old: KubeObject, experiment: Experiment): SpecIssue[] {
  return validateExperimentUpdate(old as Experiment, experiment);
}

function invalid(object: KubeObject, issues: readonly SpecIssue[]): ApiError {
  const causes = issues.map(({ path, message, remedy }) => ({
    field: formatPath(path),
    reason: 'FieldValueInvalid',
    message: `${message} ${remedy}`,
  }));
  const text = causes.map(({ field, message }) => `${field}: ${message}`).join(' ');
  return new ApiError('Invalid', `Experiment "${object.metadata.name ?? ''}" is invalid: ${text}`, causes);
}
