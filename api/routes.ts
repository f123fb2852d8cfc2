import { changeDesiredState } from '../experiments/verbs/change-desired-state.ts';
import { deleteExperiment } from '../experiments/verbs/delete-experiment.ts';
import { extendExperiment } from '../experiments/verbs/extend-experiment.ts';
import { stopTrial } from '../experiments/verbs/stop-trial.ts';
import { checkRoutes } from './experiments/check-routes.ts';
import { experimentRoutes } from './experiments/experiment-routes.ts';
import { verbRoutes } from './experiments/verb-routes.ts';
import { reportRoutes } from './report/report-routes.ts';
import { resultRoutes } from './results/result-routes.ts';
import type { RestOptions } from './rest-options.ts';
import type { Route } from './route.ts';
import { searchRoutes } from './search/search-routes.ts';
import { namespaceRoutes } from './service/namespace-routes.ts';
import { streamRoutes } from './stream/stream-routes.ts';
import { createTrialIndex } from './trials/trial-index.ts';
import { trialRoutes } from './trials/trial-routes.ts';

/** Everything below `/api/v1`. */
export function apiRoutes(options: RestOptions, closing: AbortSignal): Route[] {
  const trials = createTrialIndex(options, closing);
  return [
    ...namespaceRoutes(options),
    ...experimentRoutes(options),
    ...checkRoutes(options),
    ...verbRoutes(options, { changeDesiredState, extendExperiment, deleteExperiment, stopTrial }),
    ...trialRoutes(options, trials),
    ...resultRoutes(options, trials),
    ...searchRoutes(options),
    ...reportRoutes(options, trials),
    ...streamRoutes(options, trials, closing),
  ];
}
