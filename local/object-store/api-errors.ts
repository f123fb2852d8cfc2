import { ApiError, type ApiErrorCause } from '../../kube/api-error.ts';
import type { ResourceType } from '../../kube/resource.ts';
import { groupResource } from './document.ts';

/* The answers of the Kubernetes API in its own words: tools and users recognise them. */

export function notFound(resource: ResourceType, name: string): ApiError {
  return new ApiError('NotFound', `${groupResource(resource)} "${name}" not found`);
}

export function alreadyExists(resource: ResourceType, name: string): ApiError {
  return new ApiError('AlreadyExists', `${groupResource(resource)} "${name}" already exists`);
}

export function staleVersion(resource: ResourceType, name: string): ApiError {
  return new ApiError(
    'Conflict',
    `Operation cannot be fulfilled on ${groupResource(resource)} "${name}": the object has been modified; please apply your changes to the latest version and try again`,
  );
}

export function failedPrecondition(
  resource: ResourceType,
  name: string,
  field: 'UID' | 'ResourceVersion',
  wanted: string,
  found: string,
): ApiError {
  return new ApiError(
    'Conflict',
    `Operation cannot be fulfilled on ${groupResource(resource)} "${name}": Precondition failed: ${field} in precondition: ${wanted}, ${field} in object meta: ${found}`,
  );
}

/** `causes` must not be empty. */
export function invalid(resource: ResourceType, name: string, causes: readonly ApiErrorCause[]): ApiError {
  const details = causes.map((cause) => `${cause.field}: ${cause.message}`).join(', ');
  return new ApiError('Invalid', `${resource.kind} "${name}" is invalid: ${details}`, causes);
}

/** A value that is wrong, in the wording of apimachinery's `field.Invalid`. */
export function invalidValue(field: string, value: unknown, problem: string): ApiErrorCause {
  return {
    field,
    reason: 'FieldValueInvalid',
    message: `Invalid value: ${JSON.stringify(value)}: ${problem}`,
  };
}

export function requiredValue(field: string, problem: string): ApiErrorCause {
  return { field, reason: 'FieldValueRequired', message: `Required value: ${problem}` };
}

export function forbiddenValue(field: string, problem: string): ApiErrorCause {
  return { field, reason: 'FieldValueForbidden', message: `Forbidden: ${problem}` };
}

export function versionTooOld(version: number, oldest: number): ApiError {
  return new ApiError('Expired', `too old resource version: ${version} (${oldest})`);
}
