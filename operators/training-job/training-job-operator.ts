import { objectKey, controllerOf, type KubeObject } from '../../core/kubernetes-object.ts';
import { OPERATOR_NAME_LABEL } from '../../core/labels.ts';
import { Controller, controllerKey } from '../../kube/controller.ts';
import { EventRecorder } from '../../kube/event-recorder.ts';
import { ListWatchCache } from '../../kube/list-watch-cache.ts';
import { PODS, SERVICES, type ResourceType } from '../../kube/resource.ts';
import type { Operator, OperatorOptions } from '../operator.ts';
import { OWNER_INDEX } from '../owned-objects.ts';
import { createTrainingJobReconcile } from './reconcile.ts';
import type { TrainingJobKind } from './training-job-kind.ts';
import type { TrainingJobSpec } from './types.ts';

const DEFAULT_WORKERS = 4;

/** Runs one kind of training job, in all its versions. */
export function createTrainingJobOperator<S extends TrainingJobSpec>(
  kind: TrainingJobKind<S>,
  options: OperatorOptions,
): Operator {
  const { client, clock, namespace, random } = options;
  const logger = options.logger.with({ operator: kind.name });
  const shared = { client, clock, logger, namespace, ...(random && { random }) };
  const labelSelector = `${OPERATOR_NAME_LABEL}=${kind.operatorName}`;
  const pods = new ListWatchCache({ ...shared, resource: PODS, labelSelector, indexes: OWNER_INDEX });
  const services = new ListWatchCache({ ...shared, resource: SERVICES, labelSelector, indexes: OWNER_INDEX });
  const recorder = new EventRecorder({ client, component: kind.operatorName, clock, logger });

  // A cluster may serve one of the versions only: each has a controller of its own, which waits for its version alone.
  const versions = kind.resources.map((resource) => {
    const jobs = new ListWatchCache({ ...shared, resource });
    const reconcile = createTrainingJobReconcile({
      ...{ kind, client, recorder, clock, resource, jobs, pods, services },
      stopProcessesAtEnd: options.stopProcessesAtEnd ?? true,
    });
    const name = `${kind.name}-${resource.apiVersion.replace('kubeflow.org/', '')}`;
    const workers = options.workers ?? DEFAULT_WORKERS;
    const ownerKey = (object: KubeObject): string[] => ownerKeyOf(resource, object);
    const controller = new Controller({ ...shared, name, reconcile, workers })
      .triggerBy(jobs, (job) => [objectKey(job)])
      .triggerBy(pods, ownerKey)
      .triggerBy(services, ownerKey);
    return { jobs, controller };
  });

  return {
    async run(signal) {
      const caches = [pods, services, ...versions.map(({ jobs }) => jobs)];
      const controllers = versions.map(({ controller }) => controller);
      await Promise.all([...caches, ...controllers].map((part) => part.run(signal)));
      await recorder.flush();
    },
  };
}

function ownerKeyOf(resource: ResourceType, object: KubeObject): string[] {
  return controllerOf(object)?.apiVersion === resource.apiVersion ? controllerKey(resource.kind, object) : [];
}
