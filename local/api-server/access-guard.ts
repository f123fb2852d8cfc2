import type { RequestHandler } from 'express';
import { createAccessCheck } from '../../http/access.ts';
import { ApiError } from '../../kube/api-error.ts';

/** What tells nothing but that a katydid runs here and which kinds it serves. */
const OPEN_PATHS =
  /^\/(version|healthz|livez|readyz|openapi\/v[23](\/.*)?|api(\/v1)?|apis(\/[^/]+){0,2})\/?$/;

/** Throws ApiError Forbidden or Unauthorized for requests that http/access.ts refuses. */
export function guardAccess(token: string): RequestHandler {
  const check = createAccessCheck(token);
  return ({ headers, protocol, method, path }, _response, next) => {
    const isOpen = method === 'GET' && OPEN_PATHS.test(path);
    const problem = check({ headers, protocol, isOpen });
    if (problem?.kind === 'forbidden') throw new ApiError('Forbidden', problem.message);
    if (problem)
      throw new ApiError(
        'Unauthorized',
        `Unauthorized: ${problem.message}; the token is in the kubeconfig of this server`,
      );
    next();
  };
}
