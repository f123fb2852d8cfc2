import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** Names of this computer alone. Any other Host means that a page's own name was made to lead here (DNS rebinding). */
const LOOPBACK_HOST = /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/i;

/** What the check needs to know of a request. */
export interface AccessRequest {
  readonly headers: IncomingHttpHeaders;
  /** As the server sees it. */
  readonly protocol: string;
  /** Whether this request may be made by any program of this computer, with or without a token. */
  readonly isOpen: boolean;
}

/** Why a request is refused: `forbidden` whatever token it carries, `unauthorized` for want of the right one. */
export interface AccessProblem {
  readonly kind: 'forbidden' | 'unauthorized';
  /** What is wrong, without where the token is to be found. */
  readonly message: string;
}

/**
 * Checks for requests that no program of this computer's user would send: by another host's name, from a web page, or
 * without the token. The servers start programs, so a page in a browser must not be able to use them. The check gives
 * null where all is well.
 */
export function createAccessCheck(token: string): (request: AccessRequest) => AccessProblem | null {
  const wanted = digest(token);
  return (request) => hostProblem(request) ?? originProblem(request) ?? tokenProblem(request, wanted);
}

function hostProblem({ headers }: AccessRequest): AccessProblem | null {
  const { host = '' } = headers;
  if (LOOPBACK_HOST.test(host)) return null;
  return {
    kind: 'forbidden',
    message: `host ${JSON.stringify(host)} is refused: address this server as 127.0.0.1 or localhost`,
  };
}

function originProblem({ headers, protocol }: AccessRequest): AccessProblem | null {
  const { origin, host = '' } = headers;
  if (origin === undefined || origin.toLowerCase() === `${protocol}://${host}`.toLowerCase()) return null;
  return {
    kind: 'forbidden',
    message: `origin ${JSON.stringify(origin)} is refused: pages of other sites may not ask`,
  };
}

function tokenProblem({ headers, isOpen }: AccessRequest, wanted: Buffer): AccessProblem | null {
  if (isOpen) return null;
  const given = /^Bearer (?<token>\S+)$/i.exec(headers.authorization ?? '')?.groups?.['token'];
  if (given !== undefined && timingSafeEqual(digest(given), wanted)) return null;
  return {
    kind: 'unauthorized',
    message: given === undefined ? 'no bearer token was sent' : 'the bearer token is a wrong one',
  };
}

/** Of one length, whatever the length of the token: comparing tells nothing about it. */
function digest(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
