import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '../../support/api-server.ts';
import { raw } from './raw-request.ts';

const ACCESS = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

async function review(path: string, spec: unknown): Promise<unknown> {
  const answer = await raw(server, path, { method: 'POST', body: JSON.stringify({ kind: 'Review', spec }) });
  expect(answer.status).toBe(201);
  return answer.json;
}

describe('what a client asks about itself', () => {
  it.each([
    [{ verb: 'create', resource: 'pods' }, true],
    [{ verb: 'watch', resource: 'experiments', group: 'kubeflow.org' }, true],
    [{ verb: 'get', resource: 'pods', subresource: 'log' }, true],
    [{ verb: 'patch', resource: 'trials', group: 'kubeflow.org', subresource: 'status' }, true],
    [{ verb: '*', resource: '*', group: '*' }, true],
    [{ verb: '*', resource: 'jobs', group: 'batch' }, true],
    [{ verb: 'create', resource: 'pods', subresource: 'exec' }, false],
    [{ verb: 'delete', resource: 'pods', subresource: 'log' }, false],
    [{ verb: 'escalate', resource: 'pods' }, false],
    [{ verb: 'create', resource: 'deployments', group: 'apps' }, false],
    [{ verb: 'create', resource: 'pods', group: 'apps' }, false],
  ])('may I do %j? %s', async (resourceAttributes, allowed) => {
    const { status } = (await review(ACCESS, { resourceAttributes })) as {
      status: { allowed: boolean; reason?: string };
    };
    expect(status.allowed).toBe(allowed);
    if (!allowed) expect(status.reason).toContain(resourceAttributes.resource);
  });

  it('paths that are no objects may be read', async () => {
    const spec = { nonResourceAttributes: { verb: 'get', path: '/version' } };
    expect(await review(ACCESS, spec)).toMatchObject({ spec, status: { allowed: true } });
  });

  it('all rules are told', async () => {
    const answer = await review('/apis/authorization.k8s.io/v1/selfsubjectrulesreviews', {});
    expect(answer).toMatchObject({ status: { incomplete: false } });
    const { resourceRules } = (answer as { status: { resourceRules: unknown[] } }).status;
    expect(resourceRules).toContainEqual({ apiGroups: [''], resources: ['pods/log'], verbs: ['get'] });
  });

  it('the user is the one of this computer', async () => {
    const answer = await review('/apis/authentication.k8s.io/v1/selfsubjectreviews', undefined);
    expect(answer).toMatchObject({
      status: { userInfo: { username: expect.stringMatching(/./) as unknown } },
    });
  });

  it('nobody is told anything without the token', async () => {
    expect((await raw(server, ACCESS, { method: 'POST', body: '{}', token: null })).status).toBe(401);
  });
});
