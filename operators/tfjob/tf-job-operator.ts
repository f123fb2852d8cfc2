import { TFJOBS, TFJOBS_V1BETA2 } from '../../kube/resource.ts';
import type { Operator, OperatorOptions } from '../operator.ts';
import type { TrainingJobKind } from '../training-job/training-job-kind.ts';
import { createTrainingJobOperator } from '../training-job/training-job-operator.ts';
import { planReplicas } from './plan.ts';
import { readTfJobSpec } from './read-spec.ts';
import { OPERATOR_NAME } from './replica-objects.ts';
import { REPLICA_TYPES, type TfJobSpec } from './types.ts';
import { versionRules } from './version-rules.ts';

/** Runs TFJobs of `kubeflow.org/v1` and `kubeflow.org/v1beta2`. */
export function createTfJobOperator(options: OperatorOptions): Operator {
  return createTrainingJobOperator(tfJobKind(options.clusterDomain), options);
}

function tfJobKind(clusterDomain: string | undefined): TrainingJobKind<TfJobSpec> {
  return {
    name: 'tfjob',
    operatorName: OPERATOR_NAME,
    resources: [TFJOBS, TFJOBS_V1BETA2],
    replicaTypes: REPLICA_TYPES,
    readSpec: readTfJobSpec,
    invalidReason: ({ apiVersion }) => versionRules(apiVersion).invalidReason,
    plan: (request) => planReplicas({ ...request, clusterDomain }),
  };
}
