import { specIssue, type Issues } from '../../core/validation/issue.ts';
import {
  checkJobName,
  checkPolicies,
  checkReplica,
  checkReplicaTypes,
  checkSingle,
  type ReplicaRules,
} from '../training-job/validation.ts';
import type { TfJobDocument } from './spec-schema.ts';
import { canonicalType, isChief, REPLICA_TYPES, TF_CONTAINER } from './types.ts';
import { isV1beta2 } from './version-rules.ts';

const RULES: ReplicaRules = {
  subject: 'A TFJob',
  types: REPLICA_TYPES,
  container: TF_CONTAINER,
  path: ['spec', 'tfReplicaSpecs'],
};

/**
 * What is wrong with a TFJob whose types are right: what the Training Operator's webhook refuses, and what it lets pass
 * although the job could never work.
 */
export function* checkTfJob(name: string, apiVersion: string, document: TfJobDocument): Issues {
  const { replicaSpecs, policies, policiesPath } = document;
  yield* checkJobName(name, replicaSpecs, REPLICA_TYPES);
  yield* checkReplicaTypes(replicaSpecs, RULES);
  yield* checkOneLeader(Object.keys(replicaSpecs));
  for (const [key, replica] of Object.entries(replicaSpecs)) {
    yield* checkReplica(key, replica, RULES);
    yield* checkReplicaCount(key, apiVersion, replica.replicas ?? 1);
  }
  yield* checkPolicies(policies, policiesPath);
}

function* checkOneLeader(keys: readonly string[]): Issues {
  const types = keys.map(canonicalType);
  if (!types.includes('Chief') || !types.includes('Master')) return;
  const message = 'A TFJob has a Chief or a Master, not both.';
  yield specIssue('SPEC_VALUE_NOT_ALLOWED', RULES.path, message, 'Remove Master.');
}

function* checkReplicaCount(key: string, apiVersion: string, replicas: number): Issues {
  const type = canonicalType(key);
  if (type && (isChief(type) || (type === 'Evaluator' && isV1beta2(apiVersion)))) {
    yield* checkSingle(key, type, replicas, RULES);
  }
}
