import { specIssue, quoted, type Issues, type SpecPath } from '../../core/validation/issue.ts';
import { checkContainers } from '../container-checks.ts';
import type { PolicyDocument, ReplicaDocument, ReplicaDocuments } from './spec-schema.ts';
import { canonicalTypeOf, CLEAN_POD_POLICIES, REPLICA_RESTART_POLICIES, replicaName } from './types.ts';

const MAX_LABEL_LENGTH = 63;
const DNS_LABEL = /^[a-z]([-a-z0-9]*[a-z0-9])?$/;

/** What the checks know about a kind of job. */
export interface ReplicaRules {
  /** With its article: `A TFJob`. */
  readonly subject: string;
  readonly types: readonly string[];
  /** Name of the container that trains. */
  readonly container: string;
  /** Where the replicas stand in the manifest. */
  readonly path: SpecPath;
}

/** The names of the job and of the objects that are made for its replicas. */
export function* checkJobName(name: string, documents: ReplicaDocuments, types: readonly string[]): Issues {
  const path = ['metadata', 'name'];
  if (!DNS_LABEL.test(name)) {
    const message = `The name ${quoted(name)} cannot be part of a host name.`;
    const remedy = 'Use lower-case letters, digits and "-", beginning with a letter.';
    yield specIssue('SPEC_NAME_INVALID', path, message, remedy);
  }
  const lengths = Object.entries(documents).map(([key, document]) => suffixLength(types, key, document));
  const longest = Math.max(0, ...lengths);
  if (name.length + longest > MAX_LABEL_LENGTH) {
    const message = `The name ${quoted(name)} is too long: with replica type and index it exceeds ${MAX_LABEL_LENGTH} characters.`;
    const remedy = `Use at most ${MAX_LABEL_LENGTH - longest} characters.`;
    yield specIssue('SPEC_NAME_INVALID', path, message, remedy);
  }
}

function suffixLength(types: readonly string[], key: string, { replicas }: ReplicaDocument): number {
  const type = canonicalTypeOf(types, key);
  return type ? replicaName('', type, Math.max(0, (replicas ?? 1) - 1)).length : 0;
}

/** There are replicas, each of a known type that is spelt once. */
export function* checkReplicaTypes(
  documents: ReplicaDocuments,
  { subject, types, path }: ReplicaRules,
): Issues {
  const keys = Object.keys(documents);
  if (keys.length === 0) {
    const message = `${subject} needs replicas, and there are none.`;
    yield specIssue('SPEC_REQUIRED', path, message, 'Add for example a Worker.');
  }
  const seen = new Map<string, string>();
  for (const key of keys) {
    const type = canonicalTypeOf(types, key);
    if (!type) {
      const message = `There is no replica type ${quoted(key)}.`;
      yield specIssue('SPEC_UNKNOWN_FIELD', [...path, key], message, `Use ${types.join(', ')}.`);
      continue;
    }
    const other = seen.get(type);
    if (other !== undefined) {
      const message = `${quoted(other)} and ${quoted(key)} are the same replica type.`;
      yield specIssue('SPEC_VALUE_NOT_ALLOWED', [...path, key], message, `Keep one, as ${type}.`);
    }
    seen.set(type, key);
  }
}

/** What every replica needs, whatever its type. */
export function* checkReplica(key: string, replica: ReplicaDocument, rules: ReplicaRules): Issues {
  const path = [...rules.path, key];
  const { replicas, restartPolicy } = replica;
  if (replicas != null && replicas < 1) {
    const message = `replicas is ${replicas}.`;
    const remedy = `Write 1 or more, or remove ${key}.`;
    yield specIssue('SPEC_VALUE_NOT_ALLOWED', [...path, 'replicas'], message, remedy);
  }
  if (restartPolicy != null && !(REPLICA_RESTART_POLICIES as readonly string[]).includes(restartPolicy)) {
    const message = `restartPolicy is ${quoted(restartPolicy)}.`;
    const remedy = `Write ${REPLICA_RESTART_POLICIES.join(', ')}.`;
    yield specIssue('SPEC_VALUE_NOT_ALLOWED', [...path, 'restartPolicy'], message, remedy);
  }
  const containersPath = [...path, 'template', 'spec', 'containers'];
  const containers = replica.template?.spec?.containers ?? [];
  yield* checkContainers(containers, containersPath);
  if (containers.length > 0 && !containers.some(({ name }) => name === rules.container)) {
    const message = `None of the containers is named ${quoted(rules.container)}.`;
    const remedy = `Name the one that trains ${quoted(rules.container)}.`;
    yield specIssue('SPEC_REQUIRED', containersPath, message, remedy);
  }
}

/** There is at most one replica of a type that can have only one. */
export function* checkSingle(key: string, type: string, replicas: number, rules: ReplicaRules): Issues {
  if (replicas <= 1) return;
  const message = `replicas is ${replicas}, but there can be only one ${type}.`;
  yield specIssue('SPEC_VALUE_NOT_ALLOWED', [...rules.path, key, 'replicas'], message, 'Write 1.');
}

export function* checkPolicies(policies: PolicyDocument, path: SpecPath): Issues {
  const { cleanPodPolicy } = policies;
  if (cleanPodPolicy != null && !(CLEAN_POD_POLICIES as readonly string[]).includes(cleanPodPolicy)) {
    const message = `cleanPodPolicy is ${quoted(cleanPodPolicy)}.`;
    const remedy = `Write ${CLEAN_POD_POLICIES.join(', ')}.`;
    yield specIssue('SPEC_VALUE_NOT_ALLOWED', [...path, 'cleanPodPolicy'], message, remedy);
  }
  for (const field of ['ttlSecondsAfterFinished', 'activeDeadlineSeconds', 'backoffLimit'] as const) {
    const value = policies[field];
    if (value == null || value >= 0) continue;
    const message = `${field} is ${value}.`;
    const remedy = 'Write 0 or more, or remove it.';
    yield specIssue('SPEC_VALUE_NOT_ALLOWED', [...path, field], message, remedy);
  }
}
