import { PYTORCHJOBS } from '../../kube/resource.ts';
import type { Operator, OperatorOptions } from '../operator.ts';
import type { TrainingJobKind } from '../training-job/training-job-kind.ts';
import { createTrainingJobOperator } from '../training-job/training-job-operator.ts';
import { planReplicas } from './plan.ts';
import { readPyTorchJobSpec } from './read-spec.ts';
import type { MasterWait } from './replica-objects.ts';
import { INVALID_REASON } from './rules.ts';
import { OPERATOR_NAME, REPLICA_TYPES, type PyTorchJobSpec } from './types.ts';

/** Runs PyTorchJobs of `kubeflow.org/v1`. */
export function createPyTorchJobOperator(options: OperatorOptions): Operator {
  return createTrainingJobOperator(pyTorchJobKind(options.masterWait ?? 'creation'), options);
}

function pyTorchJobKind(masterWait: MasterWait): TrainingJobKind<PyTorchJobSpec> {
  return {
    name: 'pytorchjob',
    operatorName: OPERATOR_NAME,
    resources: [PYTORCHJOBS],
    replicaTypes: REPLICA_TYPES,
    readSpec: readPyTorchJobSpec,
    invalidReason: () => INVALID_REASON,
    plan: (request) => planReplicas({ ...request, masterWait }),
  };
}
