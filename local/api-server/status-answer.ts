import { errorMessage } from '../../core/errors.ts';
import type { Logger } from '../../core/logger.ts';
import { ApiError, type ApiErrorCause } from '../../kube/api-error.ts';
import type { FailureStatus } from '../../kube/status.ts';
import { splitApiVersion } from './api-version.ts';
import type { ResourcePath } from './resource-path.ts';

/** Reasons of answers that only HTTP knows. */
const HTTP_REASONS = {
  400: 'BadRequest',
  406: 'NotAcceptable',
  413: 'RequestEntityTooLarge',
  415: 'UnsupportedMediaType',
} as const;
type HttpCode = keyof typeof HTTP_REASONS;

/** A refusal for which `KubeClient` has no reason. */
export class HttpRefusal extends Error {
  readonly status: HttpCode;

  constructor(status: HttpCode, message: string) {
    super(message);
    this.status = status;
  }
}

/**
 * The Status that tells of anything thrown. `path` is what the request was about, null where that is nothing served.
 * What is not meant for users is logged, and said in general words only.
 */
export function failureStatus(error: unknown, path: ResourcePath | null, logger: Logger): FailureStatus {
  const { code, reason, message, causes } = readFailure(error, logger);
  const details = path && detailsOf(path, causes);
  return {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message,
    reason,
    ...(details && { details }),
    code,
  };
}

interface Failure {
  readonly code: number;
  readonly reason: string;
  readonly message: string;
  readonly causes: readonly ApiErrorCause[];
}

function readFailure(error: unknown, logger: Logger): Failure {
  if (error instanceof ApiError) return error;
  const code = httpCode(error);
  if (code !== null) return { code, reason: HTTP_REASONS[code], message: errorMessage(error), causes: [] };
  logger.error('request failed', { error });
  const message = 'the server failed at this request; its log says how';
  return { code: 500, reason: 'InternalError', message, causes: [] };
}

/** Ours, and those of the body parser, which carry their HTTP status as well. */
function httpCode(error: unknown): HttpCode | null {
  const status = error instanceof Error && 'status' in error ? error.status : null;
  return typeof status === 'number' && status in HTTP_REASONS ? (status as HttpCode) : null;
}

function detailsOf(
  { resource, name }: ResourcePath,
  causes: readonly ApiErrorCause[],
): FailureStatus['details'] {
  const { group } = splitApiVersion(resource.apiVersion);
  return {
    ...(name !== undefined && { name }),
    ...(group !== '' && { group }),
    kind: resource.plural,
    ...(causes.length > 0 && { causes: [...causes] }),
  };
}
