import { randomUUID } from 'node:crypto';
import type { Request, RequestHandler, Response } from 'express';
import { errorMessage } from '../../core/errors.ts';
import type { Logger } from '../../core/logger.ts';
import { createAccessCheck } from '../../http/access.ts';
import { problemDocument, readFailure } from '../problem/problem-document.ts';
import { Problem } from '../problem/problem.ts';
import type { Answer, Call, Route } from '../route.ts';
import { type AnswerStore, requestFingerprint } from './answer-store.ts';
import { bodyText } from './body-text.ts';
import { readBody, readBodyText } from './read-body.ts';
import { readQuery } from './read-query.ts';
import type { RouteMatch, RouteTable } from './route-table.ts';
import { sendAnswer } from './send-answer.ts';

export interface RouterOptions {
  readonly table: RouteTable;
  readonly token: string;
  readonly answers: AnswerStore;
  readonly logger: Logger;
  /** Requests are refused once it is aborted, and those under way are told. */
  readonly closing: AbortSignal;
}

/** So many requests that have not been answered yet are taken at once; endless streams count as well. */
const MAX_REQUESTS = 500;

/** One request under way. */
interface Exchange {
  readonly request: Request;
  readonly response: Response;
  readonly id: string;
  /** Without the query. */
  readonly path: string;
  readonly search: URLSearchParams;
  /** Set as soon as it has come in, for the lines in problems. */
  bodyText: string | null;
}

/** Answers every request: by its route, or with a problem. */
export function handleRequests(options: RouterOptions): RequestHandler {
  const checkAccess = createAccessCheck(options.token);
  let underWay = 0;
  return async (request, response) => {
    const [path = '', search = ''] = request.url.split(/\?(.*)/s);
    const id = randomUUID();
    const exchange: Exchange = {
      request,
      response,
      id,
      path,
      search: new URLSearchParams(search),
      bodyText: null,
    };
    response.set({ 'x-request-id': id, 'x-content-type-options': 'nosniff' });
    underWay++;
    response.once('close', () => underWay--);
    try {
      if (underWay > MAX_REQUESTS) throw tooManyRequests();
      const match = findRoute(options.table, exchange);
      const isOpen = match.kind === 'found' && match.route.open === true;
      refuseStrangers(checkAccess({ headers: request.headers, protocol: request.protocol, isOpen }));
      if (options.closing.aborted) throw new Problem('REST_UNAVAILABLE', 'The server is about to stop.');
      if (match.kind === 'found') await answer(options, exchange, match.route, match.params);
      else refuseAddress(exchange, match);
    } catch (error) {
      sendProblem(options.logger, exchange, error);
    }
  };
}

async function answer(
  { answers, closing }: RouterOptions,
  exchange: Exchange,
  route: Route,
  params: Readonly<Record<string, string>>,
): Promise<void> {
  const { request, response, search } = exchange;
  checkAcceptable(request, route);
  if (route.needsIfMatch && request.headers['if-match'] === undefined) throw preconditionRequired();
  const query = readQuery(search, route.query);
  const text = route.method === 'get' ? '' : await readBodyText(request, response, route);
  exchange.bodyText = text;
  const { value: body, source } = readBody(request, route, text);
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  const signal = AbortSignal.any([closing, gone.signal]);
  const call: Call = { params, query, body, source, headers: singleHeaders(request), signal };
  const key = route.method === 'post' ? call.headers['idempotency-key'] : undefined;
  const compute = (): Promise<Answer> => route.handle(call);
  const computed =
    key === undefined
      ? await compute()
      : await answers.once(key, requestFingerprint(request.method, request.url, text), compute);
  await sendAnswer(request, response, computed);
}

function findRoute(table: RouteTable, { request, path }: Exchange): RouteMatch {
  try {
    return table.find(request.method, path);
  } catch (error) {
    if (!(error instanceof URIError)) throw error;
    throw new Problem('REST_BAD_REQUEST', 'The path has a percent sign that encodes nothing.');
  }
}

function refuseStrangers(problem: ReturnType<ReturnType<typeof createAccessCheck>>): void {
  if (!problem) return;
  const detail = `${problem.message.charAt(0).toUpperCase()}${problem.message.slice(1)}.`;
  if (problem.kind === 'forbidden') throw new Problem('REST_FORBIDDEN', detail);
  throw new Problem('REST_UNAUTHORIZED', detail, {
    hint: "Send it as Authorization: Bearer TOKEN; it stands in the file token of the server's data directory.",
    headers: { 'www-authenticate': 'Bearer' },
  });
}

function refuseAddress({ request, path }: Exchange, match: Exclude<RouteMatch, { kind: 'found' }>): never {
  if (match.kind === 'nothing') {
    const hint = 'GET /openapi.json lists all addresses.';
    throw new Problem('REST_NO_SUCH_PATH', `There is nothing at ${path}.`, { hint });
  }
  const methods = [
    ...new Set(match.allowed.flatMap((method) => (method === 'get' ? ['GET', 'HEAD'] : [method]))),
  ];
  const allow = methods.join(', ').toUpperCase();
  throw new Problem('REST_METHOD_NOT_ALLOWED', `${path} does not take ${request.method}.`, {
    hint: `It takes ${allow}.`,
    headers: { allow },
  });
}

function checkAcceptable(request: Request, { responses }: Route): void {
  const types = Object.values(responses).map(({ contentType = 'application/json' }) => contentType);
  const offered = types.flatMap((type) => type.split(',').map((name) => name.trim()));
  if (offered.length === 0 || request.accepts(offered) !== false) return;
  const hint = `Leave Accept out, or write ${[...new Set(offered)].join(' or ')}.`;
  throw new Problem('REST_NOT_ACCEPTABLE', `There is no answer as ${request.headers.accept ?? ''}.`, {
    hint,
  });
}

function preconditionRequired(): Problem {
  const hint = 'GET the object, and send its ETag as If-Match: nobody else is overwritten then.';
  return new Problem('REST_PRECONDITION_REQUIRED', 'The request has no If-Match.', { hint });
}

function tooManyRequests(): Problem {
  const detail = `More than ${MAX_REQUESTS} requests are under way.`;
  return new Problem('REST_TOO_MANY_REQUESTS', detail, { hint: 'Wait for some of them to be answered.' });
}

function singleHeaders({ headers }: Request): Record<string, string | undefined> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value]),
  );
}

function sendProblem(
  logger: Logger,
  { request, response, id, path, bodyText: text }: Exchange,
  error: unknown,
): void {
  // Nobody is there to be told, and what was under way has ended for that.
  if (response.destroyed) return;
  const failure = readFailure(error);
  if (failure.isOurs) {
    const thrown = error instanceof Error ? (error.stack ?? error.message) : errorMessage(error);
    logger.error('request failed', { requestId: id, method: request.method, path, error: thrown });
  }
  if (response.headersSent) {
    // The answer has begun: cutting it off is all that can still be said.
    response.destroy();
    return;
  }
  const body = text === null ? null : bodyText(text);
  const document = problemDocument(failure, { path, requestId: id, body });
  response.status(failure.status).set({ 'cache-control': 'no-store', ...failure.headers });
  // What has not been read of the body would be taken for the next request.
  if (!request.complete) response.set('connection', 'close');
  response.type('application/problem+json').send(JSON.stringify(document));
}
