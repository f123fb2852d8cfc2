/** What a client can rely on for a code. */
interface ProblemKind {
  readonly status: number;
  readonly title: string;
  /** The same request may succeed later. */
  readonly retryable?: boolean;
}

/** The problems of the API itself. Codes of KatydidError keep their own names: see problem-document.ts. */
export const PROBLEM_CODES = {
  REST_BAD_REQUEST: { status: 400, title: 'The request is malformed' },
  REST_BODY_MALFORMED: { status: 400, title: 'The body cannot be read' },
  REST_PARAMETER_INVALID: { status: 400, title: 'A parameter is not understood' },
  REST_CURSOR_INVALID: { status: 400, title: 'The cursor is not one of this list' },
  REST_UNAUTHORIZED: { status: 401, title: 'A token is needed' },
  REST_FORBIDDEN: { status: 403, title: 'The request is not allowed' },
  REST_NO_SUCH_PATH: { status: 404, title: 'There is nothing at this address' },
  REST_NOT_FOUND: { status: 404, title: 'There is no such object' },
  REST_METHOD_NOT_ALLOWED: { status: 405, title: 'The address does not take this method' },
  REST_NOT_ACCEPTABLE: { status: 406, title: 'The answer has none of the accepted formats' },
  REST_TIMEOUT: { status: 504, title: 'The server took too long', retryable: true },
  REST_ALREADY_EXISTS: { status: 409, title: 'The object exists already' },
  REST_CONFLICT: { status: 409, title: 'The object is in another state', retryable: true },
  REST_EXPIRED: { status: 410, title: 'What the request continues is gone' },
  REST_PRECONDITION_FAILED: { status: 412, title: 'The object has changed' },
  REST_BODY_TOO_LARGE: { status: 413, title: 'The body is too large' },
  REST_UNSUPPORTED_MEDIA_TYPE: { status: 415, title: 'The body has a format that is not read here' },
  REST_BODY_INVALID: { status: 422, title: 'The body does not say what is needed' },
  REST_REFUSED: { status: 422, title: 'The object is refused' },
  REST_IDEMPOTENCY_KEY_REUSED: { status: 422, title: 'The Idempotency-Key belongs to another request' },
  REST_PRECONDITION_REQUIRED: { status: 428, title: 'If-Match is needed' },
  REST_TOO_MANY_REQUESTS: { status: 429, title: 'Too many requests at once', retryable: true },
  REST_INTERNAL: { status: 500, title: 'The server failed' },
  REST_UNAVAILABLE: { status: 503, title: 'The server cannot answer now', retryable: true },
} as const satisfies Readonly<Record<string, ProblemKind>>;

export type ProblemCode = keyof typeof PROBLEM_CODES;

export function problemKind(code: ProblemCode): ProblemKind {
  return PROBLEM_CODES[code];
}
