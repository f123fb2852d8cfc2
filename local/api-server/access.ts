import { createHash, timingSafeEqual } from 'node:crypto';
import type { Request, RequestHandler } from 'express';
import { ApiError } from '../../kube/api-error.ts';

/** Names of this computer alone. Any other Host means that a page's own name was made to lead here (DNS rebinding). */
const LOOPBACK_HOST = /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/i;

/** What tells nothing but that a katydid runs here and which kinds it serves. */
const OPEN_PATHS =
  /^\/(version|healthz|livez|readyz|openapi\/v[23](\/.*)?|api(\/v1)?|apis(\/[^/]+){0,2})\/?$/;

/**
 * Refuses requests that no program of this computer's user would send: by another host's name, from a web page, or
 * without the token. The server starts programs, so a page in a browser must not be able to use it.
 */
export function guardAccess(token: string): RequestHandler {
  const wanted = digest(token);
  return (request, _response, next) => {
    checkHost(request);
    checkOrigin(request);
    if (!isOpen(request)) checkToken(request, wanted);
    next();
  };
}

function checkHost({ headers }: Request): void {
  const { host = '' } = headers;
  if (LOOPBACK_HOST.test(host)) return;
  throw new ApiError(
    'Forbidden',
    `host ${JSON.stringify(host)} is refused: address this server as 127.0.0.1 or localhost`,
  );
}

function checkOrigin({ headers, protocol }: Request): void {
  const { origin, host = '' } = headers;
  if (origin === undefined || origin.toLowerCase() === `${protocol}://${host}`.toLowerCase()) return;
  throw new ApiError(
    'Forbidden',
    `origin ${JSON.stringify(origin)} is refused: pages of other sites may not ask`,
  );
}

function isOpen({ method, path }: Request): boolean {
  return method === 'GET' && OPEN_PATHS.test(path);
}

function checkToken({ headers }: Request, wanted: Buffer): void {
  const given = /^Bearer (?<token>\S+)$/i.exec(headers.authorization ?? '')?.groups?.['token'];
  if (given !== undefined && timingSafeEqual(digest(given), wanted)) return;
  const problem = given === undefined ? 'no bearer token was sent' : 'the bearer token is a wrong one';
  throw new ApiError(
    'Unauthorized',
    `Unauthorized: ${problem}; the token is in the kubeconfig of this server`,
  );
}

/** Of one length, whatever the length of the token: comparing tells nothing about it. */
function digest(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
