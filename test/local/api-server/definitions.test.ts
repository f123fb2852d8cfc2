import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { servedDefinitions } from '../../../cli/served-definitions.ts';
import { systemClock } from '../../../core/clock.ts';
import type { JsonObject } from '../../../core/json.ts';
import type { KubeObject, Stored } from '../../../core/kubernetes-object.ts';
import { silentLogger } from '../../../core/logger.ts';
import { ALL_RESOURCES, CUSTOM_RESOURCE_DEFINITIONS } from '../../../kube/resource.ts';
import { createAdmission } from '../../../local/admission/admission.ts';
import { registerDefinitions } from '../../../local/api-server/definitions.ts';
import { type ObjectStore, openObjectStore } from '../../../local/object-store/object-store.ts';
import { algorithmCatalog } from '../../../suggestion/algorithm-catalog.ts';
import { startTestServer, type TestServer } from '../../support/api-server.ts';
import { temporaryFolder } from '../../support/command.ts';
import { raw, type RawAnswer } from './raw-request.ts';

const PATH = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
const EXPERIMENTS = `${PATH}/experiments.kubeflow.org`;
const FOREIGN = `${PATH}/mpijobs.kubeflow.org`;

interface Definition extends Stored<KubeObject> {
  spec: { names: { plural: string; kind: string }; versions: { name: string; schema: unknown }[] };
  status: { conditions: { type: string; status: string; reason: string }[]; storedVersions: string[] };
}

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ admission: createAdmission(algorithmCatalog, servedDefinitions()) });
});
afterAll(() => server.close());

async function definition(path: string): Promise<Definition> {
  return (await raw(server, path)).json as Definition;
}

function send(method: string, path: string, body: unknown, type = 'application/json'): Promise<RawAnswer> {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return raw(server, path, { method, body: text, headers: { 'content-type': type } });
}

/** Katib's own definitions keep every field; ours is told apart by its schema. */
const KATIB_SPEC = {
  group: 'kubeflow.org',
  scope: 'Namespaced',
  names: { kind: 'Experiment', singular: 'experiment', plural: 'experiments' },
  versions: [
    { name: 'v1beta1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object' } } },
  ],
};
const MPI_JOBS = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'mpijobs.kubeflow.org' },
  spec: {
    group: 'kubeflow.org',
    scope: 'Namespaced',
    names: { kind: 'MPIJob', plural: 'mpijobs' },
    versions: [{ name: 'v1', served: true, storage: true }],
  },
};

describe('CustomResourceDefinitions', () => {
  it('those of all kinds that are not of Kubernetes are there from the beginning, established', async () => {
    const { items } = (await raw(server, PATH)).json as { items: Definition[] };
    const served = items.flatMap(({ spec }) =>
      spec.versions.map(({ name }) => `kubeflow.org/${name} ${spec.names.kind} ${spec.names.plural}`),
    );
    const custom = ALL_RESOURCES.filter(({ apiVersion }) => apiVersion.startsWith('kubeflow.org/'));
    expect(served.sort()).toEqual(
      custom.map(({ apiVersion, kind, plural }) => `${apiVersion} ${kind} ${plural}`).sort(),
    );
    for (const { status } of items)
      expect(status.conditions.map(({ type, status: is }) => `${type}=${is}`)).toEqual([
        'NamesAccepted=True',
        'Established=True',
      ]);
  });

  it.each([
    ['experiments', ['Type', 'Status', 'Age']],
    ['trials', ['Type', 'Status', 'Age']],
    ['suggestions', ['Type', 'Status', 'Requested', 'Assigned', 'Age']],
  ])('that of %s has the columns of Katib', async (plural, columns) => {
    const { spec } = await definition(`${PATH}/${plural}.kubeflow.org`);
    expect(spec.versions).toEqual([
      expect.objectContaining({
        name: 'v1beta1',
        additionalPrinterColumns: columns.map((name) => expect.objectContaining({ name }) as unknown),
      }),
    ]);
  });

  it.each(['create', 'replace', 'merge-patch', 'JSON-patch'])(
    'a served one that somebody changes by %s keeps its specification, and says so',
    async (way) => {
      const before = await definition(EXPERIMENTS);
      const changed = { ...before, spec: KATIB_SPEC, metadata: { ...before.metadata, labels: { way } } };
      const writes: Record<string, () => Promise<RawAnswer>> = {
        create: () => send('POST', PATH, { ...changed, metadata: { name: before.metadata.name } }),
        replace: () => send('PUT', EXPERIMENTS, changed),
        'merge-patch': () =>
          send(
            'PATCH',
            EXPERIMENTS,
            { metadata: { labels: { way } }, spec: KATIB_SPEC },
            'application/merge-patch+json',
          ),
        'JSON-patch': () =>
          send(
            'PATCH',
            EXPERIMENTS,
            [
              { op: 'add', path: '/metadata/labels', value: { way } },
              { op: 'remove', path: '/spec/versions' },
            ],
            'application/json-patch+json',
          ),
      };
      const answer = await writes[way]?.();
      const after = await definition(EXPERIMENTS);
      expect(after.spec).toEqual(before.spec);
      expect(after.status).toEqual(before.status);
      if (way === 'create') {
        expect(answer?.json).toMatchObject({ reason: 'AlreadyExists' });
        return;
      }
      expect(after.metadata.labels).toEqual({ way });
      expect(answer?.headers['warning']).toContain('kind Experiment is built in');
    },
  );

  it('a label on a served one is no reason for a warning', async () => {
    const body = { metadata: { labels: { a: 'b' } } };
    const answer = await send('PATCH', EXPERIMENTS, body, 'application/merge-patch+json');
    expect(answer.status).toBe(200);
    expect(answer.headers['warning']).toBeUndefined();
  });

  it('a served one is not deleted', async () => {
    const refused = {
      reason: 'Forbidden',
      message: expect.stringContaining('kubectl delete experiments --all') as unknown,
    };
    expect((await raw(server, EXPERIMENTS, { method: 'DELETE' })).json).toMatchObject(refused);
    expect((await raw(server, PATH, { method: 'DELETE' })).json).toMatchObject({ reason: 'Forbidden' });
    expect(await definition(EXPERIMENTS)).toMatchObject({ kind: 'CustomResourceDefinition' });
  });

  it('one of another kind is kept, says that its kind is not served, and can be deleted', async () => {
    const created = await send('POST', PATH, MPI_JOBS);
    expect(created.status).toBe(201);
    expect(created.headers['warning']).toContain('kind MPIJob is not served here');
    const { status } = await definition(FOREIGN);
    expect(status.conditions).toContainEqual(
      expect.objectContaining({ type: 'Established', status: 'False', reason: 'NotServed' }),
    );
    expect(status.storedVersions).toEqual(['v1']);
    expect((await raw(server, FOREIGN, { method: 'DELETE' })).status).toBe(200);
  });

  it('those of an earlier version are brought up to date, with what users added', async () => {
    using folder = temporaryFolder();
    const open = (definitions: readonly JsonObject[]): ObjectStore =>
      openObjectStore({
        path: join(folder.path, 'objects.db'),
        clock: systemClock,
        logger: silentLogger,
        admission: createAdmission(algorithmCatalog, definitions),
      });
    const [first] = servedDefinitions();
    const older = open([{ ...first, spec: KATIB_SPEC }]);
    await registerDefinitions(older.client, [{ ...first, spec: KATIB_SPEC }]);
    const ref = { name: 'experiments.kubeflow.org' };
    const body = { metadata: { labels: { a: 'b' } } };
    await older.client.patch(CUSTOM_RESOURCE_DEFINITIONS, ref, { type: 'merge', body });
    older.close();

    const newer = open(servedDefinitions());
    await registerDefinitions(newer.client, servedDefinitions());
    const { items, resourceVersion } = await newer.client.list(CUSTOM_RESOURCE_DEFINITIONS);
    await registerDefinitions(newer.client, servedDefinitions());
    const again = await newer.client.list(CUSTOM_RESOURCE_DEFINITIONS);
    newer.close();
    expect(items).toHaveLength(servedDefinitions().length);
    const experiments = items.find(({ metadata }) => metadata.name === ref.name);
    expect(experiments).toMatchObject({ spec: first?.['spec'], metadata: { labels: { a: 'b' } } });
    expect(again.resourceVersion, 'what is up to date is not written').toBe(resourceVersion);
  });

  it('the generated files are the ones that are served', async () => {
    const file = new URL('../../../deploy/crds/experiments.yaml', import.meta.url);
    const { spec } = parse(readFileSync(file, 'utf8')) as Definition;
    expect((await definition(EXPERIMENTS)).spec).toEqual(spec);
  });
});
