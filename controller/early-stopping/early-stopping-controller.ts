import { objectKey } from '../../core/kubernetes-object.ts';
import type { ObservationFeed } from '../../db/observation-feed.ts';
import { Controller } from '../../kube/controller.ts';
import { searchMayChange } from '../triggers.ts';
import { createEarlyStopping, type EarlyStoppingContext } from './early-stopping.ts';

const WORKERS = 2;

/** Looks at an experiment when its trials report, when the service starts and when the experiment ends. */
export function createEarlyStoppingController(
  context: EarlyStoppingContext,
  feed: ObservationFeed,
): { run(signal: AbortSignal): Promise<void> } {
  const { reconcile, reported, discarded } = createEarlyStopping(context);
  const { experiments, trials, jobs, pods, clock, logger } = context;
  const controller = new Controller({ name: 'early-stopping', reconcile, workers: WORKERS, clock, logger });
  controller.triggerBy(experiments, (experiment) => [objectKey(experiment)], searchMayChange);
  // These are waited for, but how they change is told by the feed.
  for (const cache of [trials, pods, ...jobs]) controller.triggerBy(cache, () => []);
  const enqueue = (key: string | undefined): void => {
    if (key !== undefined) controller.enqueue(key);
  };
  return {
    async run(signal) {
      const unsubscribe = feed.subscribe(
        (batch) => enqueue(reported(batch)),
        (source) => enqueue(discarded(source)),
      );
      await controller.run(signal).finally(unsubscribe);
    },
  };
}
