import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ALL_RESOURCES } from '../../../kube/resource.ts';
import { startTestServer, type TestServer } from '../../support/api-server.ts';
import { raw } from './raw-request.ts';

const AGGREGATED = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';

interface Aggregated {
  items: {
    metadata: { name: string };
    versions: {
      version: string;
      resources: { resource: string; categories: string[]; shortNames: string[] }[];
    }[];
  }[];
}

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

async function json<T>(path: string, accept = 'application/json'): Promise<T> {
  return (await raw(server, path, { headers: { accept } })).json as T;
}

describe('discovery', () => {
  it('names the groups with their preferred versions', async () => {
    expect(await json('/api')).toMatchObject({ kind: 'APIVersions', versions: ['v1'] });
    const { groups } = await json<{ groups: { name: string; preferredVersion: { version: string } }[] }>(
      '/apis',
    );
    expect(groups.map(({ name, preferredVersion }) => [name, preferredVersion.version])).toEqual([
      ['kubeflow.org', 'v1'],
      ['batch', 'v1'],
      ['coordination.k8s.io', 'v1'],
      ['apiextensions.k8s.io', 'v1'],
    ]);
    expect(await json('/apis/kubeflow.org')).toMatchObject({ kind: 'APIGroup', name: 'kubeflow.org' });
  });

  it.each(ALL_RESOURCES.map((resource) => [`${resource.apiVersion} ${resource.plural}`, resource] as const))(
    '%s is in the list of its version',
    async (_title, { apiVersion, plural, kind, namespaced, hasStatus }) => {
      const root = apiVersion.includes('/') ? 'apis' : 'api';
      const { resources } = await json<{ resources: { name: string }[] }>(`/${root}/${apiVersion}`);
      expect(resources).toContainEqual(expect.objectContaining({ name: plural, kind, namespaced }));
      expect(resources.some(({ name }) => name === `${plural}/status`)).toBe(hasStatus);
    },
  );

  it.each([
    [AGGREGATED, 'apidiscovery.k8s.io/v2'],
    [AGGREGATED.replace('v=v2', 'v=v2beta1'), 'apidiscovery.k8s.io/v2beta1'],
    [`${AGGREGATED},application/json`, 'apidiscovery.k8s.io/v2'],
  ])('tells everything in one document to who accepts %s', async (accept, apiVersion) => {
    const answer = await raw(server, '/apis', { headers: { accept } });
    expect(answer.headers['content-type']).toContain('as=APIGroupDiscoveryList');
    expect(answer.json).toMatchObject({ kind: 'APIGroupDiscoveryList', apiVersion });
    const core = await json<Aggregated>('/api', accept);
    const { items } = answer.json as Aggregated;
    const found = [...core.items, ...items].flatMap(({ metadata, versions }) =>
      versions.flatMap(({ version, resources }) =>
        resources.map(({ resource }) => [metadata.name, version, resource].filter(Boolean).join('/')),
      ),
    );
    expect(found.sort()).toEqual(ALL_RESOURCES.map((each) => `${each.apiVersion}/${each.plural}`).sort());
  });

  it('Katib kinds have its categories and no short names', async () => {
    const { items } = await json<Aggregated>('/apis', AGGREGATED);
    const katib = items.flatMap(({ versions }) => versions).find(({ version }) => version === 'v1beta1');
    for (const { categories, shortNames } of katib?.resources ?? []) {
      expect(categories).toEqual(['all', 'kubeflow', 'katib']);
      expect(shortNames).toEqual([]);
    }
  });

  it('what is not served is NotFound', async () => {
    for (const path of ['/api/v2', '/apis/apps', '/apis/apps/v1', '/openapi/v3/apis/apps/v1'])
      expect((await raw(server, path)).json).toMatchObject({ kind: 'Status', code: 404 });
  });
});

describe('OpenAPI', () => {
  it('has a document for each version, whose patches take fieldValidation', async () => {
    const { paths } = await json<{ paths: Record<string, { serverRelativeURL: string }> }>('/openapi/v3');
    expect(Object.keys(paths)).toHaveLength(new Set(ALL_RESOURCES.map(({ apiVersion }) => apiVersion)).size);
    for (const { serverRelativeURL } of Object.values(paths)) {
      const document = await json<{ paths: Record<string, { patch: { parameters: { name: string }[] } }> }>(
        serverRelativeURL,
      );
      for (const { patch } of Object.values(document.paths))
        expect(patch.parameters.map(({ name }) => name)).toContain('fieldValidation');
    }
  });

  it('describes the fields of an Experiment', async () => {
    const document = await json<{ components: { schemas: Record<string, unknown> } }>(
      '/openapi/v3/apis/kubeflow.org/v1beta1',
    );
    expect(document.components.schemas['org.kubeflow.v1beta1.Experiment']).toMatchObject({
      properties: { spec: { properties: { maxTrialCount: { type: 'integer' } } } },
      'x-kubernetes-group-version-kind': [{ group: 'kubeflow.org', version: 'v1beta1', kind: 'Experiment' }],
    });
  });

  it('every reference leads to a schema, in both formats', async () => {
    const v2 = await raw(server, '/openapi/v2');
    const v3 = await raw(server, '/openapi/v3/api/v1');
    const { definitions } = v2.json as { definitions: Record<string, unknown> };
    const { components } = v3.json as { components: { schemas: Record<string, unknown> } };
    const targets = (text: string, prefix: string): string[] =>
      [...text.matchAll(/"\$ref":"(?<target>[^"]+)"/g)].map((match) => {
        expect(match.groups?.['target']).toContain(prefix);
        return (match.groups?.['target'] ?? '').slice(prefix.length);
      });
    for (const name of targets(v2.text, '#/definitions/')) expect(definitions).toHaveProperty([name]);
    for (const name of targets(v3.text, '#/components/schemas/'))
      expect(components.schemas).toHaveProperty([name]);
  });

  it('protobuf, which is not spoken, is refused', async () => {
    const accept = 'application/com.github.proto-openapi.spec.v2@v1.0+protobuf';
    expect((await raw(server, '/openapi/v2', { headers: { accept } })).status).toBe(406);
  });
});
