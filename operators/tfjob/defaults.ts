import { policiesOf, replicaGroups } from '../training-job/defaults.ts';
import type { SuccessRule } from '../training-job/types.ts';
import type { TfJobDocument } from './spec-schema.ts';
import {
  chiefGroup,
  REPLICA_TYPES,
  TF_CONTAINER,
  TF_PORT,
  TF_PORT_NAME,
  type ReplicaGroup,
  type TfJobSpec,
} from './types.ts';
import { isV1beta2, versionRules } from './version-rules.ts';

/** Fills a valid document's defaults in. They are never written back to the stored job. */
export function withTfJobDefaults(document: TfJobDocument, apiVersion: string): TfJobSpec {
  const groups = replicaGroups(document.replicaSpecs, REPLICA_TYPES, {
    restartPolicy: 'Never',
    container: TF_CONTAINER,
    port: { name: TF_PORT_NAME, containerPort: TF_PORT },
  });
  const needsAllWorkers = document.successPolicy === 'AllWorkers';
  const dynamicWorkers = document.enableDynamicWorker;
  return {
    groups,
    ...policiesOf(document.policies, isV1beta2(apiVersion) ? 'Running' : 'None'),
    success: successRule(groups, needsAllWorkers),
    expendable: dynamicWorkers ? ['Worker'] : [],
    needsAllWorkers,
    dynamicWorkers,
    rules: versionRules(apiVersion),
  };
}

/** A chief's success is the job's; without one the workers decide. Parameter servers and evaluators never do. */
function successRule(groups: readonly ReplicaGroup[], needsAllWorkers: boolean): SuccessRule | null {
  const chief = chiefGroup(groups);
  if (chief) return { type: chief.type, needs: 'all' };
  if (!groups.some(({ type }) => type === 'Worker')) return null;
  return { type: 'Worker', needs: needsAllWorkers ? 'all' : 'first-or-all' };
}
