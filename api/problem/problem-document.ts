import { z } from 'zod';
import { KatydidError, SpecError, type SpecIssue } from '../../core/errors.ts';
import { QueryError } from '../../experiments/query/query-error.ts';
import { ApiError, type ApiErrorReason } from '../../kube/api-error.ts';
import type { BodyText } from '../router/body-text.ts';
import { problemKind, type ProblemCode } from './codes.ts';
import { Problem, type ProblemDetail } from './problem.ts';

const errorSchema = z.strictObject({
  pointer: z.string().optional().describe('JSON pointer into the body (RFC 6901).'),
  parameter: z.string().optional().describe('The query parameter or header that is wrong.'),
  line: z.int().min(1).optional().describe('Line of the body.'),
  column: z.int().min(1).optional().describe('Column of that line, or of the parameter.'),
  code: z.string().optional().describe('Stable code of this single error.'),
  message: z.string(),
  hint: z.string().optional().describe('What to write instead.'),
});

export const problemSchema = z
  .strictObject({
    type: z.string().describe('A URI that names the kind of problem: `urn:katydid:problem:` and the code.'),
    title: z.string(),
    status: z.int().min(400).max(599),
    code: z.string().describe('Stable; all codes are listed in docs/error-codes.md.'),
    detail: z.string().describe('What went wrong this time.'),
    instance: z.string().describe('The path of the request.'),
    requestId: z.string().describe('Names the request in the log of the server.'),
    retryable: z.boolean().describe('The same request may succeed later.'),
    hint: z.string().optional().describe('What to do now.'),
    errors: z.array(errorSchema).optional().describe('Everything that is wrong, each with its place.'),
  })
  .meta({ id: 'Problem' });
export type ProblemDocument = z.infer<typeof problemSchema>;

/** What the document is about. */
export interface ProblemContext {
  readonly path: string;
  readonly requestId: string;
  /** Of the request, to tell lines; null where there is none. */
  readonly body: BodyText | null;
}

export function problemDocument(
  failure: Failure,
  { path, requestId, body }: ProblemContext,
): ProblemDocument {
  const { code, status, title, detail, hint, errors, retryable } = failure;
  return {
    type: `urn:katydid:problem:${code}`,
    title,
    status,
    code,
    detail,
    instance: path,
    requestId,
    retryable,
    ...(hint !== undefined && hint !== '' && { hint }),
    ...(errors.length > 0 && { errors: errors.map((error) => errorDocument(error, body)) }),
  };
}

function errorDocument(detail: ProblemDetail, body: BodyText | null): z.infer<typeof errorSchema> {
  const { path, parameter, line, column, code, message, hint } = detail;
  const place = line === undefined && path !== undefined ? body?.positionOf(path) : { line, column };
  return {
    ...(path && { pointer: jsonPointer(path) }),
    ...(parameter !== undefined && { parameter }),
    ...(place?.line !== undefined && { line: place.line }),
    ...(place?.column !== undefined && { column: place.column }),
    ...(code !== undefined && { code }),
    message,
    ...(hint !== undefined && hint !== '' && { hint }),
  };
}

export function jsonPointer(path: SpecIssue['path']): string {
  return path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

/** What a thrown error comes to, before it is known which request it was about. */
export interface Failure {
  readonly code: string;
  readonly status: number;
  readonly title: string;
  readonly detail: string;
  readonly hint: string | undefined;
  readonly errors: readonly ProblemDetail[];
  readonly retryable: boolean;
  readonly headers: Readonly<Record<string, string>>;
  /** A defect of ours, or a part that does not work: it belongs into the log. */
  readonly isOurs: boolean;
}

/** Reads anything that was thrown. What is no error of the house tells nothing of itself. */
export function readFailure(error: unknown): Failure {
  if (error instanceof Problem) return ofProblem(error);
  if (error instanceof QueryError) return ofQueryError(error);
  if (error instanceof KatydidError) return ofKatydidError(error);
  if (error instanceof ApiError) return ofApiError(error);
  const detail = 'The server failed at this request; its log says how.';
  const hint = 'Report it with the requestId and the lines of katydid.log that have it.';
  return ofProblem(new Problem('REST_INTERNAL', detail, { hint, cause: error }));
}

const RETRY_AFTER = { 'retry-after': '1' };

function ofProblem({ code, message, hint, errors, headers }: Problem): Failure {
  const { status, title, retryable = false } = problemKind(code);
  const isLater = status === 429 || status === 503;
  return {
    code,
    status,
    title,
    detail: message,
    hint,
    errors,
    retryable,
    headers: { ...(isLater && RETRY_AFTER), ...headers },
    isOurs: status === 500,
  };
}

function ofQueryError(error: QueryError): Failure {
  const { code, message, remedy, parameter, column } = error;
  const errors = [{ parameter, column, message, ...(remedy !== undefined && { hint: remedy }) }];
  const options = { errors, ...(remedy !== undefined && { hint: remedy }) };
  return { ...ofProblem(new Problem('REST_PARAMETER_INVALID', message, options)), code };
}

/** Codes of the house that are not about a refused specification. */
const STATUS_OF_CODE: Readonly<Record<string, ProblemCode>> = {
  NOT_FOUND: 'REST_NOT_FOUND',
  NO_RESULT_YET: 'REST_NOT_FOUND',
  NO_LOGS: 'REST_NOT_FOUND',
  EXPERIMENT_DIFFERS: 'REST_CONFLICT',
  EXPERIMENT_HAS_ENDED: 'REST_CONFLICT',
  EXPERIMENT_HAS_NO_LIMIT: 'REST_CONFLICT',
};

function ofKatydidError(error: KatydidError): Failure {
  const { code, message, remedy } = error;
  const kind = STATUS_OF_CODE[code] ?? (/^(DB|STORE)_/.test(code) ? 'REST_UNAVAILABLE' : 'REST_REFUSED');
  const issues = error instanceof SpecError ? error.issues : [];
  const { detail, hint } =
    issues.length > 0
      ? {
          detail: `The specification has ${issues.length} errors.`.replace(/^(.* 1 error)s/, '$1'),
          hint: remedy,
        }
      : { detail: message, hint: remedy };
  const errors = issues.map(issueDetail);
  const failure = ofProblem(new Problem(kind, detail, { errors, ...(hint !== undefined && { hint }) }));
  return { ...failure, code, retryable: failure.status >= 500, isOurs: failure.status >= 500 };
}

export function issueDetail({ code, path, message, remedy }: SpecIssue): ProblemDetail {
  return { code, path, message, hint: remedy };
}

const CODE_OF_REASON: Readonly<Record<ApiErrorReason, ProblemCode>> = {
  BadRequest: 'REST_BAD_REQUEST',
  Unauthorized: 'REST_UNAUTHORIZED',
  Forbidden: 'REST_FORBIDDEN',
  NotFound: 'REST_NOT_FOUND',
  AlreadyExists: 'REST_ALREADY_EXISTS',
  Conflict: 'REST_CONFLICT',
  Expired: 'REST_EXPIRED',
  Invalid: 'REST_REFUSED',
  MethodNotAllowed: 'REST_METHOD_NOT_ALLOWED',
  UnsupportedMediaType: 'REST_UNSUPPORTED_MEDIA_TYPE',
  TooManyRequests: 'REST_TOO_MANY_REQUESTS',
  InternalError: 'REST_INTERNAL',
  ServiceUnavailable: 'REST_UNAVAILABLE',
  Timeout: 'REST_TIMEOUT',
  Unknown: 'REST_INTERNAL',
};

function ofApiError({ reason, message, causes }: ApiError): Failure {
  const errors = causes.map((cause) => ({ path: fieldPath(cause.field), message: cause.message }));
  return ofProblem(new Problem(CODE_OF_REASON[reason], message, { errors }));
}

/** `spec.parameters[0].name` → its steps. */
function fieldPath(field: string): (string | number)[] {
  return Array.from(field.matchAll(/[^.[\]]+|\[(\d+)\]/g), ([step, index]) =>
    index === undefined ? step : Number(index),
  );
}
