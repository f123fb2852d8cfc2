import { userInfo } from 'node:os';
import { type Request, type RequestHandler, Router } from 'express';
import { isJsonObject, type JsonObject, valueAt } from '../../core/json.ts';
import { ALL_RESOURCES } from '../../kube/resource.ts';
import { splitApiVersion } from './api-version.ts';
import { subresources, VERBS } from './discovery.ts';
import { readOptions } from './request-body.ts';

/*
 * What clients ask about themselves: `kubectl auth can-i` and `kubectl auth whoami`. Whoever has the token may do everything
 * that can be done here, and nobody else gets this far.
 */

export function accessReviewRoutes(): Router {
  const router = Router();
  router.post('/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', answerWith(accessStatus));
  router.post('/apis/authorization.k8s.io/v1/selfsubjectrulesreviews', answerWith(rulesStatus));
  router.post('/apis/authentication.k8s.io/v1/selfsubjectreviews', answerWith(userStatus));
  return router;
}

/** The review that was sent, with the status that answers it. */
function answerWith(status: (review: JsonObject) => JsonObject): RequestHandler {
  return (request: Request, response) => {
    const review = readOptions(request);
    response.status(201).json({ ...review, status: status(review) });
  };
}

function accessStatus(review: JsonObject): JsonObject {
  const asked = valueAt(review, ['spec', 'resourceAttributes']);
  const problem = isJsonObject(asked) ? problemWith(asked) : null;
  return problem === null ? { allowed: true } : { allowed: false, reason: problem };
}

function problemWith(asked: JsonObject): string | null {
  const { verb = '', group = '', resource = '', subresource = '' } = asked as Record<string, string>;
  if (resource === '*') return null;
  const found = ALL_RESOURCES.find(
    ({ apiVersion, plural }) =>
      plural === resource && [splitApiVersion(apiVersion).group, '*'].includes(group),
  );
  const name = [resource, subresource].filter(Boolean).join('/');
  const verbs = subresource
    ? found && subresources(found).find((each) => each.name === subresource)?.verbs
    : found && VERBS;
  if (!verbs) return `${name} are not served here`;
  return verb === '*' || verbs.includes(verb) ? null : `${name} do not know ${verb} here`;
}

function rulesStatus(): JsonObject {
  const resourceRules = ALL_RESOURCES.flatMap((resource) => {
    const apiGroups = [splitApiVersion(resource.apiVersion).group];
    const parts = subresources(resource).map(({ name, verbs }) => ({
      apiGroups,
      resources: [`${resource.plural}/${name}`],
      verbs,
    }));
    return [{ apiGroups, resources: [resource.plural], verbs: VERBS }, ...parts];
  });
  const nonResourceURLs = [
    '/api',
    '/api/*',
    '/apis',
    '/apis/*',
    '/healthz',
    '/livez',
    '/openapi/*',
    '/readyz',
    '/version',
  ];
  return { resourceRules, nonResourceRules: [{ verbs: ['get'], nonResourceURLs }], incomplete: false };
}

function userStatus(): JsonObject {
  return { userInfo: { username: userName(), groups: ['system:masters', 'system:authenticated'] } };
}

/** Not every user id of a container has a name. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return String(process.getuid?.() ?? 'unknown');
  }
}
