import { formatPath, type SpecIssue } from '../../core/errors.ts';
import type { Experiment } from '../../core/experiment.ts';
import { withoutNulls, type JsonObject } from '../../core/json.ts';
import { isBeingDeleted, type KubeObject } from '../../core/kubernetes-object.ts';
import type { AlgorithmCatalog } from '../../core/validation/algorithm-catalog.ts';
import { schemaIssues } from '../../core/validation/schema-issues.ts';
import { validateExperiment } from '../../core/validation/validate-experiment.ts';
import { validateExperimentUpdate } from '../../core/validation/validate-experiment-update.ts';
import { ApiError } from '../../kube/api-error.ts';
import { CUSTOM_RESOURCE_DEFINITIONS, EXPERIMENTS, JOBS } from '../../kube/resource.ts';
import type { Admission, AdmissionRequest } from '../object-store/admission.ts';
import { checkManager, checkRunnableHere } from '../runnable-jobs.ts';
import { contentSchema, statusSchema } from './kind-schemas.ts';
import { withJobSelector } from './job-selector.ts';
import { admittedDefinition, definitionsByName } from './resource-definitions.ts';

/**
 * Refuses Experiments that cannot run here, with everything that is wrong with them, jobs that nobody here would run,
 * and objects that have not the types their kind says: controllers read what is stored without looking twice.
 * `definitions` are the CustomResourceDefinitions of the kinds that are served, which nobody can change.
 */
export function createAdmission(
  catalog: AlgorithmCatalog,
  definitions: readonly JsonObject[] = [],
): Admission {
  const served = definitionsByName(definitions);
  return (request) => {
    if (request.object.kind === CUSTOM_RESOURCE_DEFINITIONS.kind)
      return admittedDefinition(request.object, served);
    if (request.operation === 'UPDATE_STATUS') return checkedStatus(request);
    // What is being deleted only loses its finalizers: it must not be kept by a rule that is newer than itself.
    if (isBeingDeleted(request.object)) return request.object;
    if (request.object.kind === EXPERIMENTS.kind) return checkedExperiment(request, catalog);
    return checkedContent(request);
  };
}

function checkedExperiment({ object, old }: AdmissionRequest, catalog: AlgorithmCatalog): KubeObject {
  const { experiment, issues } = validateExperiment(object, catalog);
  // The store keeps nothing as an Experiment that has not passed this check before.
  const updateIssues = old && experiment ? validateExperimentUpdate(old as Experiment, experiment) : [];
  refuse(object, [...issues, ...(old ? [] : checkRunnableHere(object)), ...updateIssues]);
  return object;
}

function checkedContent({ operation, resource, object }: AdmissionRequest): KubeObject {
  if (operation === 'CREATE') refuse(object, [...checkManager(object, [])]);
  if (resource === JOBS) return withJobSelector(object);
  const schema = contentSchema(resource);
  if (!schema) return object;
  const candidate = withoutNulls(object) as KubeObject;
  const { error } = schema.safeParse(candidate);
  if (error) refuse(object, schemaIssues(schema, candidate, error));
  return candidate;
}

function checkedStatus({ resource, object }: AdmissionRequest): KubeObject {
  const schema = statusSchema(resource);
  const { status } = object as { status?: unknown };
  if (!schema || status === undefined || status === null) return object;
  const { error } = schema.safeParse(status);
  if (error) {
    const issues = schemaIssues(schema, status, error);
    refuse(
      object,
      issues.map((issue) => ({ ...issue, path: ['status', ...issue.path] })),
    );
  }
  return object;
}

/** Throws ApiError Invalid where there is any issue. */
function refuse(object: KubeObject, issues: readonly SpecIssue[]): void {
  if (issues.length === 0) return;
  const causes = issues.map(({ path, message, remedy }) => ({
    field: formatPath(path),
    reason: 'FieldValueInvalid',
    message: `${message} ${remedy}`,
  }));
  const text = causes.map(({ field, message }) => `${field}: ${message}`).join(' ');
  throw new ApiError('Invalid', `${object.kind} "${object.metadata.name ?? ''}" is invalid: ${text}`, causes);
}
