import { CONTROLLER_UID_LABEL } from '../../core/labels.ts';
import { objectKey } from '../../core/kubernetes-object.ts';
import { Controller, controllerKey } from '../../kube/controller.ts';
import { EventRecorder } from '../../kube/event-recorder.ts';
import { ListWatchCache } from '../../kube/list-watch-cache.ts';
import { JOBS, PODS, type ResourceType } from '../../kube/resource.ts';
import type { Operator, OperatorOptions } from '../operator.ts';
import { OWNER_INDEX } from '../owned-objects.ts';
import { createBatchJobReconcile } from './reconcile.ts';
import type { BatchJob } from './types.ts';

const DEFAULT_WORKERS = 4;
/** Kubernetes' own. */
const DEFAULT_RETRY_BASE_MS = 10_000;

/** Runs `batch/v1` Jobs where no Kubernetes does it. */
export function createJobOperator(options: OperatorOptions): Operator {
  const { client, clock, namespace, random } = options;
  const logger = options.logger.with({ operator: 'job' });
  const shared = { client, clock, logger, namespace, ...(random && { random }) };
  const resource: ResourceType<BatchJob> = JOBS;
  const jobs = new ListWatchCache({ ...shared, resource });
  const pods = new ListWatchCache({
    ...shared,
    resource: PODS,
    labelSelector: CONTROLLER_UID_LABEL,
    indexes: OWNER_INDEX,
  });
  const recorder = new EventRecorder({ client, component: 'job-controller', clock, logger });
  const retryBaseMs = options.podRetryBaseMs ?? DEFAULT_RETRY_BASE_MS;
  const controller = new Controller({
    ...shared,
    name: 'job',
    reconcile: createBatchJobReconcile({ client, recorder, clock, jobs, pods, retryBaseMs }),
    workers: options.workers ?? DEFAULT_WORKERS,
  })
    .triggerBy(jobs, (job) => [objectKey(job)])
    .triggerBy(pods, (pod) => controllerKey('Job', pod));

  return {
    async run(signal) {
      await Promise.all([jobs, pods, controller].map((part) => part.run(signal)));
      await recorder.flush();
    },
  };
}
