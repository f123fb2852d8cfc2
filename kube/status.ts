import { isJsonObject } from '../core/json.ts';
import { ApiError, type ApiErrorCause, type ApiErrorReason } from './api-error.ts';

/** `meta/v1` Status: how a Kubernetes-style API says that something failed. */
export interface FailureStatus {
  kind: 'Status';
  apiVersion: 'v1';
  metadata: Record<string, never>;
  status: 'Failure';
  message: string;
  reason: string;
  details?: { name?: string; group?: string; kind?: string; causes?: ApiErrorCause[] };
  code: number;
}

/** Reasons by HTTP status, for answers of proxies and for reasons that are not told apart here. */
const REASONS: Readonly<Record<number, ApiErrorReason>> = {
  400: 'BadRequest',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'NotFound',
  405: 'MethodNotAllowed',
  409: 'Conflict',
  410: 'Expired',
  415: 'UnsupportedMediaType',
  422: 'Invalid',
  429: 'TooManyRequests',
  500: 'InternalError',
  503: 'ServiceUnavailable',
  504: 'Timeout',
};

/** The error that a Status means. `body` may be anything: then the HTTP status alone decides. */
export function apiErrorOf(body: unknown, httpStatus: number): ApiError {
  const status = isJsonObject(body) && body['kind'] === 'Status' ? body : {};
  const code = typeof status['code'] === 'number' ? status['code'] : httpStatus;
  const message = typeof status['message'] === 'string' ? status['message'] : `the API answered ${code}`;
  return new ApiError(reasonOf(status['reason'], code), message, causesOf(status['details']));
}

function reasonOf(reason: unknown, code: number): ApiErrorReason {
  // The one pair of reasons that shares an HTTP status.
  if (reason === 'AlreadyExists') return reason;
  return REASONS[code] ?? 'Unknown';
}

function causesOf(details: unknown): ApiErrorCause[] {
  const causes = isJsonObject(details) ? details['causes'] : undefined;
  if (!Array.isArray(causes)) return [];
  return causes.filter(isJsonObject).map(({ field, reason, message }) => ({
    field: textOf(field),
    reason: textOf(reason),
    message: textOf(message),
  }));
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
