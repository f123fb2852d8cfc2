import type { AlgorithmSpec, MetricsCollectorSpec } from '../experiment.ts';
import { checkAlgorithmName } from './algorithm.ts';
import type { AlgorithmCatalog } from './algorithm-catalog.ts';
import { type Issues, specIssue } from './issue.ts';

const PATH = ['spec', 'earlyStopping'];

export function* checkEarlyStopping(earlyStopping: AlgorithmSpec, catalog: AlgorithmCatalog): Issues {
  const names = catalog.stopperNames();
  yield* checkAlgorithmName(earlyStopping, names, PATH, 'SPEC_EARLY_STOPPER_UNKNOWN');
  if (!names.includes(earlyStopping.algorithmName)) return;
  for (const issue of catalog.checkStopper(earlyStopping)) yield { ...issue, path: [...PATH, ...issue.path] };
}

/** Trials are stopped by their curves, so something must collect them. */
export function* checkHasCurves(collector: MetricsCollectorSpec): Issues {
  if (collector.collector?.kind !== 'None') return;
  yield specIssue(
    'SPEC_EARLY_STOPPING_NO_CURVE',
    ['spec', 'metricsCollectorSpec', 'collector', 'kind'],
    'kind is None, so that nothing is known of a trial while it runs, and earlyStopping would never stop one.',
    'Write kind: Push where the training reports its metrics itself, take another collector, or remove earlyStopping.',
  );
}
