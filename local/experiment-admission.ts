import { EXPERIMENTS } from '../kube/resource.ts';
import { ApiError } from '../kube/api-error.ts';
import { formatPath, type SpecIssue } from '../core/errors.ts';
import type { Experiment } from '../core/experiment.ts';
import { isBeingDeleted, type KubeObject } from '../core/kubernetes-object.ts';
import type { AlgorithmCatalog } from '../core/validation/algorithm-catalog.ts';
import { validateExperiment } from '../core/validation/validate-experiment.ts';
import { validateExperimentUpdate } from '../core/validation/validate-experiment-update.ts';
import type { Admission, AdmissionRequest } from './object-store/admission.ts';
import { checkManager, checkRunnableHere } from './runnable-jobs.ts';

/**
 * Refuses Experiments that cannot run here, with everything that is wrong with them, and jobs that nobody here would
 * run; lets everything else pass.
 */
export function experimentAdmission(catalog: AlgorithmCatalog): Admission {
  return (request) => {
    const { operation, object } = request;
    // What is being deleted only loses its finalizers: it must not be kept by a rule that is newer than itself.
    if (isBeingDeleted(object)) return object;
    const issues =
      object.kind === EXPERIMENTS.kind
        ? experimentIssues(request, catalog)
        : [...(operation === 'CREATE' ? checkManager(object, []) : [])];
    if (issues.length > 0) throw invalid(object, issues);
    return object;
  };
}

function experimentIssues({ object, old }: AdmissionRequest, catalog: AlgorithmCatalog): SpecIssue[] {
  const { experiment, issues } = validateExperiment(object, catalog);
  // The store keeps nothing as an Experiment that has not passed this check before.
  const updateIssues = old && experiment ? validateExperimentUpdate(old as Experiment, experiment) : [];
  return [...issues, ...(old ? [] : checkRunnableHere(object)), ...updateIssues];
}

function invalid(object: KubeObject, issues: readonly SpecIssue[]): ApiError {
  const causes = issues.map(({ path, message, remedy }) => ({
    field: formatPath(path),
    reason: 'FieldValueInvalid',
    message: `${message} ${remedy}`,
  }));
  const text = causes.map(({ field, message }) => `${field}: ${message}`).join(' ');
  return new ApiError(
    'Invalid',
    `${object.kind} "${object.metadata.name ?? ''}" is invalid: ${text}`,
    causes,
  );
}
