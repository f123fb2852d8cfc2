import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, test } from 'vitest';
import type { KubeClient } from '../../../kube/client.ts';
import { NAMESPACES } from '../../../kube/resource.ts';

/** What a subject may lack. */
export type Capability =
  /** An initial list is followed by a bookmark at once. */
  | 'prompt-bookmarks'
  /** Custom resources can be updated without a version, as built-in kinds can. */
  | 'unconditional-custom-resource-updates'
  /** A version that is older than the kept history can be had: `expiredVersion`. */
  | 'expired-versions'
  /** Something deletes dependents: on a cluster, the controller manager. */
  | 'garbage-collector';

export interface KubeClientEnvironment {
  readonly client: KubeClient;
  close(): Promise<void>;
  /** A version from which no watch can go on any more. */
  expiredVersion?(): Promise<string>;
}

export interface KubeClientSubject {
  readonly name: string;
  open(): Promise<KubeClientEnvironment>;
  /** Capabilities that the subject lacks, each with the reason. Their cases are reported as skipped. */
  readonly skip?: Partial<Record<Capability, string>>;
}

/** The environment of the cases of one file, and a namespace that belongs to the running case alone. */
export interface Fixture {
  readonly client: KubeClient;
  readonly namespace: string;
  expiredVersion(): Promise<string>;
}

/** Opens the subject for a group of cases. The fixture may be read inside cases only. */
export function useSubject(subject: KubeClientSubject): Fixture {
  let environment: KubeClientEnvironment | undefined;
  let namespace = '';
  const opened = (): KubeClientEnvironment => {
    if (!environment) throw new Error('the subject is open inside cases only');
    return environment;
  };
  beforeAll(async () => {
    environment = await subject.open();
  });
  beforeEach(async () => {
    namespace = await createNamespace(opened().client);
  });
  afterAll(() => environment?.close());
  return {
    get client() {
      return opened().client;
    },
    get namespace() {
      return namespace;
    },
    expiredVersion() {
      const version = opened().expiredVersion?.();
      if (!version) throw new Error('the subject has no expiredVersion: name expired-versions in skip');
      return version;
    },
  };
}

/** `test` for cases that need a capability: skipped, with the reason in the title, where the subject lacks it. */
export function testNeeding(subject: KubeClientSubject, capability: Capability) {
  return (title: string, body: () => Promise<void>): void => {
    const reason = subject.skip?.[capability];
    if (reason === undefined) test(title, body);
    else test.skip(`${title} [${reason}]`, body);
  };
}

export async function createNamespace(client: KubeClient): Promise<string> {
  const name = `contract-${randomUUID().slice(0, 13)}`;
  await client.create(NAMESPACES, { apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  return name;
}
