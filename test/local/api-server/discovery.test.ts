import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../core/json.ts';
import { ALL_RESOURCES } from '../../../kube/resource.ts';
import { OPENAPI_V2_PROTOBUF } from '../../../local/api-server/openapi/protobuf.ts';
import { readFields } from '../../../core/protobuf.ts';
import { startTestServer, type TestServer } from '../../support/api-server.ts';
import { openRaw, raw } from './raw-request.ts';

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

  it('is told in protobuf too, to old clients that ask for nothing else', async () => {
    const answer = await openRaw(server, '/openapi/v2', { headers: { accept: OPENAPI_V2_PROTOBUF } });
    // Go does not parse the type that they ask for.
    expect(answer.headers['content-type']).toMatch(/^application\/com\.github[\w.-]+\+protobuf$/);
    const document = message(await buffer(answer));
    expect(texts(document, 1)).toEqual(['2.0']);
    const paths = named(only(document, 8), 2);
    const definitions = named(only(document, 9), 1);
    const { json: same } = await raw(server, '/openapi/v2');
    expect([...paths.keys()]).toEqual(Object.keys((same as JsonObject)['paths'] as JsonObject));
    expect([...definitions.keys()]).toEqual(Object.keys((same as JsonObject)['definitions'] as JsonObject));

    const experiment = definitions.get('org.kubeflow.v1beta1.Experiment') ?? new Map<number, Buffer[]>();
    expect(extensions(experiment, 31)).toMatchObject({
      'x-kubernetes-group-version-kind': [{ group: 'kubeflow.org', version: 'v1beta1', kind: 'Experiment' }],
    });
    const spec = named(only(experiment, 25), 1).get('spec') ?? new Map<number, Buffer[]>();
    expect(texts(spec, 19)).toEqual(['objective', 'trialTemplate']);
    expect(texts(only(spec, 22), 1)).toEqual(['object']);
    const path = '/apis/kubeflow.org/v1beta1/namespaces/{namespace}/experiments/{name}';
    const patch = only(paths.get(path) ?? new Map<number, Buffer[]>(), 8);
    const parameters = (patch.get(8) ?? []).map((item) =>
      texts(only(only(only(message(item), 1), 2), 3), 4).join(),
    );
    expect(parameters).toEqual(['dryRun', 'fieldManager', 'fieldValidation']);
  });

  it.each(['/openapi/v2', '/openapi/v3/api/v1'])(
    '%s in a form that is not spoken is refused',
    async (path) => {
      const accept = 'application/cbor';
      expect((await raw(server, path, { headers: { accept } })).json).toMatchObject({ code: 406 });
    },
  );
});

/** The fields of a protobuf message by number, each as often as it stands there. */
type Message = ReadonlyMap<number, Buffer[]>;

function message(bytes: Uint8Array): Message {
  const fields = new Map<number, Buffer[]>();
  for (const field of readFields(bytes)) {
    if (field.wire !== 'bytes') continue;
    fields.set(field.number, [...(fields.get(field.number) ?? []), Buffer.from(field.bytes)]);
  }
  return fields;
}

function only(from: Message, number: number): Message {
  const found = from.get(number) ?? [];
  expect(found, `field ${number}`).toHaveLength(1);
  return message(found[0] ?? Buffer.alloc(0));
}

function texts(from: Message, number: number): string[] {
  return (from.get(number) ?? []).map(String);
}

function named(from: Message, number: number): Map<string, Message> {
  const entries = (from.get(number) ?? []).map((bytes) => message(bytes));
  return new Map(entries.map((entry) => [texts(entry, 1).join(), only(entry, 2)]));
}

/** Extensions hold their values as YAML; ours as JSON, which is YAML. */
function extensions(from: Message, number: number): JsonObject {
  const entries = [...named(from, number)];
  return Object.fromEntries(
    entries.map(([name, any]) => [name, JSON.parse(texts(any, 2).join()) as unknown]),
  );
}
