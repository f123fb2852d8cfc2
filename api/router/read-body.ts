import express, { type Request, type RequestHandler, type Response } from 'express';
import type { SpecIssue } from '../../core/errors.ts';
import { schemaIssues } from '../../core/validation/schema-issues.ts';
import { parseManifests } from '../../experiments/manifest/parse-manifests.ts';
import { issueDetail } from '../problem/problem-document.ts';
import { Problem, type ProblemDetail } from '../problem/problem.ts';
import type { Route } from '../route.ts';
import { bodyText, type BodyText } from './body-text.ts';

const MAX_BODY_BYTES = 3 * 1024 * 1024;
const DEFAULT_TYPES = ['application/json', 'application/yaml'];
const YAML_TYPES: ReadonlySet<string> = new Set(['application/yaml', 'application/x-yaml', 'text/yaml']);

export interface RequestBody {
  readonly value: unknown;
  readonly source: BodyText | null;
}

/** `application/json; charset=utf-8` → `application/json`; empty where the request names none. */
function mediaType(request: Request): string {
  const type = (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
  return YAML_TYPES.has(type) ? 'application/yaml' : type;
}

export function bodyTypesOf({ bodyTypes = DEFAULT_TYPES }: Route): readonly string[] {
  return bodyTypes;
}

/** The text of the body, empty where there is none. @throws Problem for one that is too large or no text. */
export async function readBodyText(request: Request, response: Response, route: Route): Promise<string> {
  const limit = route.maxBodyBytes ?? MAX_BODY_BYTES;
  const bytes = await receive(request, response, limit);
  if (route.body && bytes.length > 0) checkMediaType(request, route);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new Problem('REST_BODY_MALFORMED', 'The body is not text in UTF-8.', { hint: 'Send it as UTF-8.' });
  }
}

/** The body as the route's schema gives it. @throws Problem with everything that is wrong. */
export function readBody(request: Request, route: Route, text: string): RequestBody {
  if (!route.body) return noBody(text);
  const isJson = mediaType(request).endsWith('json');
  const isText = !isJson && mediaType(request) !== 'application/yaml' && text !== '';
  if (isText) return { value: checked(text, route, null), source: null };
  if (text.trim() === '') {
    throw new Problem('REST_BODY_MALFORMED', 'The body is empty.', { hint: 'Send one in JSON or YAML.' });
  }
  const value = isJson ? parseJson(text) : parseYaml(text);
  const source = bodyText(text);
  return { value: checked(value, route, source), source };
}

function noBody(text: string): RequestBody {
  if (/^\s*(\{\s*\})?\s*$/.test(text)) return { value: undefined, source: null };
  throw new Problem('REST_BODY_INVALID', 'This operation takes no body.', { hint: 'Leave it out.' });
}

function receive(request: Request, response: Response, limit: number): Promise<Buffer> {
  const read: RequestHandler = express.raw({ type: () => true, limit });
  return new Promise((resolve, reject) => {
    read(request, response, (error?: unknown) => {
      if (error !== undefined) reject(bodyProblem(error, limit));
      else resolve(Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0));
    });
  });
}

/** Errors of the body parser carry the HTTP status that they mean. */
function bodyProblem(error: unknown, limit: number): Error {
  const status = error instanceof Error && 'status' in error ? error.status : null;
  if (status === 413) {
    const hint = `Send at most ${limit} bytes at once.`;
    return new Problem('REST_BODY_TOO_LARGE', `The body has more than ${limit} bytes.`, { hint });
  }
  if (status === 415) {
    const hint = 'Send it as it is, or compressed with gzip.';
    return new Problem('REST_UNSUPPORTED_MEDIA_TYPE', 'The body has an unknown Content-Encoding.', { hint });
  }
  return new Problem('REST_BODY_MALFORMED', 'The body did not come whole.', { cause: error });
}

function checkMediaType(request: Request, route: Route): void {
  const type = mediaType(request);
  const types = bodyTypesOf(route);
  if (types.includes(type)) return;
  const found = type === '' ? 'no Content-Type' : `the Content-Type ${type}`;
  const hint = `Send ${types.join(' or ')}; with curl: -H 'Content-Type: ${types.at(-1) ?? ''}'`;
  throw new Problem('REST_UNSUPPORTED_MEDIA_TYPE', `The body has ${found}.`, { hint });
}

/** The way in which V8 tells where it stumbled. */
const JSON_PLACE = /line (\d+) column (\d+)/;

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const [, line, column] = JSON_PLACE.exec(message) ?? [];
    const place = line === undefined ? {} : { line: Number(line), column: Number(column) };
    throw malformed([{ message: `It is not JSON: ${message}.`, ...place }]);
  }
}

function parseYaml(text: string): unknown {
  const { documents, issues } = parseManifests(text, 'body');
  if (issues.length > 0) {
    throw malformed(
      issues.map(({ code, message, remedy, line, column }) => ({
        code,
        message,
        hint: remedy,
        line,
        column,
      })),
    );
  }
  const [document, another] = documents;
  if (another) {
    const { line, column } = another.positionOf([]);
    throw malformed([
      { message: 'There is more than one document.', hint: 'Send them one by one.', line, column },
    ]);
  }
  return document?.value;
}

function malformed(errors: readonly ProblemDetail[]): Problem {
  const [first] = errors;
  const where = first?.line === undefined ? '' : ` (line ${first.line}, column ${first.column ?? 1})`;
  const options = { errors, ...(first?.hint !== undefined && { hint: first.hint }) };
  return new Problem(
    'REST_BODY_MALFORMED',
    `The body cannot be read${where}. ${first?.message ?? ''}`,
    options,
  );
}

function checked(value: unknown, { body }: Route, source: BodyText | null): unknown {
  if (!body) return undefined;
  const parsed = body.safeParse(value);
  if (parsed.success) return parsed.data;
  const sourceText = (path: SpecIssue['path']): string | undefined => source?.sourceText(path);
  const issues = schemaIssues(body, value, parsed.error, sourceText);
  const [first] = issues;
  throw new Problem(
    'REST_BODY_INVALID',
    `The body is not what this operation takes. ${first?.message ?? ''}`,
    {
      errors: issues.map(issueDetail),
      ...(first && { hint: first.remedy }),
    },
  );
}
