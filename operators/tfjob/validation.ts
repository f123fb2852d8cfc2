import { specIssue, quoted, type Issues, type SpecPath } from '../../core/validation/issue.ts';
import { checkContainers } from '../container-checks.ts';
import type { ReplicaDocument, TfJobDocument } from './spec-schema.ts';
import {
  canonicalType,
  CLEAN_POD_POLICIES,
  isChief,
  REPLICA_RESTART_POLICIES,
  REPLICA_TYPES,
  replicaName,
  TF_CONTAINER,
} from './types.ts';
import { isV1beta2 } from './version-rules.ts';

const REPLICAS_PATH: SpecPath = ['spec', 'tfReplicaSpecs'];
const MAX_LABEL_LENGTH = 63;
const DNS_LABEL = /^[a-z]([-a-z0-9]*[a-z0-9])?$/;

/**
 * What is wrong with a TFJob whose types are right: what the Training Operator's webhook refuses, and what it lets pass
 * although the job could never work.
 */
export function* checkTfJob(name: string, apiVersion: string, document: TfJobDocument): Issues {
  const replicas = Object.entries(document.replicaSpecs);
  yield* checkName(name, document);
  if (replicas.length === 0) {
    const message = 'A TFJob needs replicas, and there are none.';
    yield specIssue('SPEC_REQUIRED', REPLICAS_PATH, message, 'Add for example a Worker.');
  }
  yield* checkReplicaTypes(replicas.map(([key]) => key));
  for (const [key, replica] of replicas) yield* checkReplica(key, apiVersion, replica);
  yield* checkPolicies(document);
}

function* checkName(name: string, { replicaSpecs }: TfJobDocument): Issues {
  const path = ['metadata', 'name'];
  if (!DNS_LABEL.test(name)) {
    const message = `The name ${quoted(name)} cannot be part of a host name.`;
    const remedy = 'Use lower-case letters, digits and "-", beginning with a letter.';
    yield specIssue('SPEC_NAME_INVALID', path, message, remedy);
  }
  const longest = Math.max(0, ...Object.entries(replicaSpecs).map(([key, spec]) => suffixLength(key, spec)));
  if (name.length + longest > MAX_LABEL_LENGTH) {
    const message = `The name ${quoted(name)} is too long: with replica type and index it exceeds ${MAX_LABEL_LENGTH} characters.`;
    const remedy = `Use at most ${MAX_LABEL_LENGTH - longest} characters.`;
    yield specIssue('SPEC_NAME_INVALID', path, message, remedy);
  }
}

function suffixLength(key: string, { replicas }: ReplicaDocument): number {
  const type = canonicalType(key);
  return type ? replicaName('', type, Math.max(0, (replicas ?? 1) - 1)).length : 0;
}

function* checkReplicaTypes(keys: readonly string[]): Issues {
  const seen = new Map<string, string>();
  for (const key of keys) {
    const type = canonicalType(key);
    if (!type) {
      const message = `There is no replica type ${quoted(key)}.`;
      const remedy = `Use ${REPLICA_TYPES.join(', ')}.`;
      yield specIssue('SPEC_UNKNOWN_FIELD', [...REPLICAS_PATH, key], message, remedy);
      continue;
    }
    const other = seen.get(type);
    if (other !== undefined) {
      const message = `${quoted(other)} and ${quoted(key)} are the same replica type.`;
      yield specIssue('SPEC_VALUE_NOT_ALLOWED', [...REPLICAS_PATH, key], message, `Keep one, as ${type}.`);
    }
    seen.set(type, key);
  }
  if (seen.has('Chief') && seen.has('Master')) {
    const message = 'A TFJob has a Chief or a Master, not both.';
    yield specIssue('SPEC_VALUE_NOT_ALLOWED', REPLICAS_PATH, message, 'Remove Master.');
  }
}

function* checkReplica(key: string, apiVersion: string, replica: ReplicaDocument): Issues {
  const path = [...REPLICAS_PATH, key];
  yield* checkReplicaCount(key, apiVersion, replica.replicas ?? 1);
  const policy = replica.restartPolicy;
  if (policy != null && !(REPLICA_RESTART_POLICIES as readonly string[]).includes(policy)) {
    const message = `restartPolicy is ${quoted(policy)}.`;
    const remedy = `Write ${REPLICA_RESTART_POLICIES.join(', ')}.`;
    yield specIssue('SPEC_VALUE_NOT_ALLOWED', [...path, 'restartPolicy'], message, remedy);
  }
  const containersPath = [...path, 'template', 'spec', 'containers'];
  const containers = replica.template?.spec?.containers ?? [];
  yield* checkContainers(containers, containersPath);
  if (containers.length > 0 && !containers.some(({ name }) => name === TF_CONTAINER)) {
    const message = `None of the containers is named ${quoted(TF_CONTAINER)}.`;
    const remedy = `Name the one that trains ${quoted(TF_CONTAINER)}.`;
    yield specIssue('SPEC_REQUIRED', containersPath, message, remedy);
  }
}

function* checkReplicaCount(key: string, apiVersion: string, replicas: number): Issues {
  const path = [...REPLICAS_PATH, key, 'replicas'];
  const type = canonicalType(key);
  if (replicas < 1) {
    const message = `replicas is ${replicas}.`;
    yield specIssue('SPEC_VALUE_NOT_ALLOWED', path, message, `Write 1 or more, or remove ${key}.`);
  }
  const mustBeSingle = type && (isChief(type) || (type === 'Evaluator' && isV1beta2(apiVersion)));
  if (mustBeSingle && replicas > 1) {
    const message = `replicas is ${replicas}, but there can be only one ${type}.`;
    yield specIssue('SPEC_VALUE_NOT_ALLOWED', path, message, 'Write 1.');
  }
}

function* checkPolicies({ policies, policiesPath }: TfJobDocument): Issues {
  const { cleanPodPolicy } = policies;
  if (cleanPodPolicy != null && !(CLEAN_POD_POLICIES as readonly string[]).includes(cleanPodPolicy)) {
    const message = `cleanPodPolicy is ${quoted(cleanPodPolicy)}.`;
    const remedy = `Write ${CLEAN_POD_POLICIES.join(', ')}.`;
    yield specIssue('SPEC_VALUE_NOT_ALLOWED', [...policiesPath, 'cleanPodPolicy'], message, remedy);
  }
  for (const field of ['ttlSecondsAfterFinished', 'activeDeadlineSeconds', 'backoffLimit'] as const) {
    const value = policies[field];
    if (value == null || value >= 0) continue;
    const message = `${field} is ${value}.`;
    yield specIssue(
      'SPEC_VALUE_NOT_ALLOWED',
      [...policiesPath, field],
      message,
      'Write 0 or more, or remove it.',
    );
  }
}
