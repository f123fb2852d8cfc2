/** Kubernetes' `Status.reason` values that the API answers with. */
export type ApiErrorReason =
  | 'BadRequest'
  | 'Unauthorized'
  | 'Forbidden'
  | 'NotFound'
  | 'AlreadyExists'
  | 'Conflict'
  | 'Expired'
  | 'Invalid'
  | 'MethodNotAllowed'
  | 'UnsupportedMediaType'
  | 'TooManyRequests'
  | 'InternalError'
  | 'ServiceUnavailable'
  | 'Timeout'
  | 'Unknown';

const HTTP_CODES: Record<ApiErrorReason, number> = {
  BadRequest: 400,
  Unauthorized: 401,
  Forbidden: 403,
  NotFound: 404,
  MethodNotAllowed: 405,
  AlreadyExists: 409,
  Conflict: 409,
  Expired: 410,
  UnsupportedMediaType: 415,
  Invalid: 422,
  TooManyRequests: 429,
  InternalError: 500,
  Unknown: 500,
  ServiceUnavailable: 503,
  Timeout: 504,
};

/** One field that the API refuses: `details.causes` of a Status. */
export interface ApiErrorCause {
  /** Path in Kubernetes' notation, for example `spec.parameters[0].name`. */
  field: string;
  /** `FieldValueInvalid`, `FieldValueRequired` … */
  reason: string;
  message: string;
}

/** An answer of a Kubernetes-style API other than success. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly reason: ApiErrorReason;
  readonly code: number;
  readonly causes: readonly ApiErrorCause[];

  constructor(reason: ApiErrorReason, message: string, causes: readonly ApiErrorCause[] = []) {
    super(message);
    this.reason = reason;
    this.code = HTTP_CODES[reason];
    this.causes = causes;
  }
}

export function isApiError(error: unknown, ...reasons: ApiErrorReason[]): error is ApiError {
  return error instanceof ApiError && (reasons.length === 0 || reasons.includes(error.reason));
}
