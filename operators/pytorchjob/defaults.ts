import { policiesOf, replicaGroups } from '../training-job/defaults.ts';
import type { SuccessRule } from '../training-job/types.ts';
import { PYTORCH_RULES } from './rules.ts';
import type { ElasticDocument, PyTorchJobDocument } from './spec-schema.ts';
import {
  groupOfType,
  PYTORCH_CONTAINER,
  PYTORCH_PORT,
  PYTORCH_PORT_NAME,
  REPLICA_TYPES,
  type ElasticPolicy,
  type PyTorchJobSpec,
  type ReplicaGroup,
} from './types.ts';

/** Fills a valid document's defaults in. They are never written back to the stored job. */
export function withPyTorchJobDefaults(document: PyTorchJobDocument): PyTorchJobSpec {
  const groups = replicaGroups(document.pytorchReplicaSpecs ?? {}, REPLICA_TYPES, {
    restartPolicy: 'OnFailure',
    container: PYTORCH_CONTAINER,
    port: { name: PYTORCH_PORT_NAME, containerPort: PYTORCH_PORT },
  });
  const { elasticPolicy } = document;
  return {
    groups,
    ...policiesOf(document.runPolicy ?? {}, 'None'),
    success: successRule(groups, elasticPolicy != null),
    expendable: [],
    rules: PYTORCH_RULES,
    nprocPerNode: document.nprocPerNode ?? elasticPolicy?.nProcPerNode?.toString() ?? 'auto',
    elastic: elasticPolicy ? elasticDefaults(elasticPolicy, groups) : null,
  };
}

/** The master's success is the job's; without one the workers decide, and of elastic ones the first that is done. */
function successRule(groups: readonly ReplicaGroup[], isElastic: boolean): SuccessRule {
  if (groupOfType({ groups }, 'Master')) return { type: 'Master', needs: 'all' };
  return { type: 'Worker', needs: isElastic ? 'any' : 'all' };
}

function elasticDefaults(document: ElasticDocument, groups: readonly ReplicaGroup[]): ElasticPolicy {
  const workers = groupOfType({ groups }, 'Worker')?.replicas ?? 1;
  const { minReplicas, maxReplicas } = document;
  return {
    minReplicas: minReplicas ?? maxReplicas ?? workers,
    maxReplicas: maxReplicas ?? minReplicas ?? workers,
    backend: document.rdzvBackend ?? 'c10d',
    host: document.rdzvHost ?? null,
    port: document.rdzvPort ?? null,
    id: document.rdzvId ?? null,
    conf: (document.rdzvConf ?? []).map(({ key, value }) => ({ key: key ?? '', value: value ?? '' })),
    maxRestarts: document.maxRestarts ?? null,
    standalone: document.standalone ?? false,
  };
}
