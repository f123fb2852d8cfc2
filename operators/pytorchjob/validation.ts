import { specIssue, quoted, type Issues, type SpecPath } from '../../core/validation/issue.ts';
import type { ReplicaDocument } from '../training-job/spec-schema.ts';
import { canonicalTypeOf } from '../training-job/types.ts';
import {
  checkJobName,
  checkPolicies,
  checkReplica,
  checkReplicaTypes,
  checkSingle,
  type ReplicaRules,
} from '../training-job/validation.ts';
import type { ElasticDocument, PyTorchJobDocument } from './spec-schema.ts';
import { PYTORCH_CONTAINER, REPLICA_TYPES } from './types.ts';

const RULES: ReplicaRules = {
  subject: 'A PyTorchJob',
  types: REPLICA_TYPES,
  container: PYTORCH_CONTAINER,
  path: ['spec', 'pytorchReplicaSpecs'],
};
const ELASTIC_PATH: SpecPath = ['spec', 'elasticPolicy'];
const PROCESS_COUNT = /^(auto|cpu|gpu|[1-9][0-9]*)$/;

/**
 * What is wrong with a PyTorchJob whose types are right: what the Training Operator's webhook refuses, and what it lets
 * pass although the job could never work.
 */
export function* checkPyTorchJob(name: string, document: PyTorchJobDocument): Issues {
  const replicas = document.pytorchReplicaSpecs ?? {};
  yield* checkJobName(name, replicas, REPLICA_TYPES);
  yield* checkReplicaTypes(replicas, RULES);
  for (const [key, replica] of Object.entries(replicas)) {
    yield* checkReplica(key, replica, RULES);
    if (canonicalTypeOf(REPLICA_TYPES, key) === 'Master') yield* checkMasterCount(key, replica);
  }
  yield* checkProcessCount(document);
  if (document.elasticPolicy) yield* checkElastic(document.elasticPolicy, document);
  yield* checkPolicies(document.runPolicy ?? {}, ['spec', 'runPolicy']);
}

function* checkMasterCount(key: string, { replicas }: ReplicaDocument): Issues {
  if (replicas == null) {
    const message = 'replicas is missing, and a PyTorchJob has to say that it has one Master.';
    yield specIssue('SPEC_REQUIRED', [...RULES.path, key, 'replicas'], message, 'Write 1.');
    return;
  }
  yield* checkSingle(key, 'Master', replicas, RULES);
}

function* checkProcessCount({ nprocPerNode }: PyTorchJobDocument): Issues {
  if (nprocPerNode == null || PROCESS_COUNT.test(nprocPerNode)) return;
  const message = `nprocPerNode is ${quoted(nprocPerNode)}.`;
  const remedy = 'Write "auto", "cpu", "gpu" or a whole number from "1".';
  yield specIssue('SPEC_VALUE_NOT_ALLOWED', ['spec', 'nprocPerNode'], message, remedy);
}

function* checkElastic(elastic: ElasticDocument, document: PyTorchJobDocument): Issues {
  const keys = Object.keys(document.pytorchReplicaSpecs ?? {});
  if (!keys.some((key) => canonicalTypeOf(REPLICA_TYPES, key) === 'Worker')) {
    const message = 'elasticPolicy is about the number of workers, and there are none.';
    const remedy = 'Add a Worker, or remove elasticPolicy.';
    yield specIssue('SPEC_REQUIRED', [...RULES.path, 'Worker'], message, remedy);
  }
  if (elastic.nProcPerNode != null && document.nprocPerNode != null) {
    const message = 'nProcPerNode is given twice.';
    const remedy = 'Remove it here and keep spec.nprocPerNode.';
    yield specIssue('SPEC_VALUE_NOT_ALLOWED', [...ELASTIC_PATH, 'nProcPerNode'], message, remedy);
  }
  yield* checkElasticNumbers(elastic);
  yield* checkRendezvousConf(elastic);
}

function* checkElasticNumbers(elastic: ElasticDocument): Issues {
  const least = { minReplicas: 1, maxReplicas: 1, nProcPerNode: 1, rdzvPort: 1, maxRestarts: 0 } as const;
  for (const [field, minimum] of Object.entries(least)) {
    const value = elastic[field as keyof typeof least];
    if (value == null || value >= minimum) continue;
    const remedy = `Write ${minimum} or more, or remove it.`;
    yield specIssue('SPEC_VALUE_NOT_ALLOWED', [...ELASTIC_PATH, field], `${field} is ${value}.`, remedy);
  }
  const { minReplicas, maxReplicas } = elastic;
  if (minReplicas != null && maxReplicas != null && minReplicas > maxReplicas) {
    const message = `minReplicas is ${minReplicas}, more than maxReplicas (${maxReplicas}).`;
    const remedy = 'Exchange them, or lower minReplicas.';
    yield specIssue('SPEC_VALUE_NOT_ALLOWED', [...ELASTIC_PATH, 'minReplicas'], message, remedy);
  }
}

/** The pairs become one text with commas between them. */
function* checkRendezvousConf({ rdzvConf }: ElasticDocument): Issues {
  for (const [index, { key, value }] of (rdzvConf ?? []).entries()) {
    if (key && !/[=,]/.test(key) && value != null && !value.includes(',')) continue;
    const message = `The pair ${quoted(`${key ?? ''}=${value ?? ''}`)} cannot be told from its neighbours.`;
    const remedy = 'Write a key without "=" and ",", and a value without ",".';
    yield specIssue('SPEC_VALUE_NOT_ALLOWED', [...ELASTIC_PATH, 'rdzvConf', index], message, remedy);
  }
}
