import type { RestOptions } from '../rest-options.ts';
import type { Route } from '../route.ts';
import type { TrialIndex } from '../trials/trial-index.ts';
import { eventRoutes } from './event-routes.ts';
import { experimentResultRoutes } from './experiment-results.ts';
import { exportRoute } from './export-route.ts';
import { importanceRoute } from './importance-route.ts';
import { replayRoute } from './replay-route.ts';
import { logRoutes } from './trial-logs.ts';
import { trialResultRoutes } from './trial-results.ts';

/** What trials brought: curves, tables, outputs, events. */
export function resultRoutes(options: RestOptions, trials: TrialIndex): Route[] {
  return [
    ...trialResultRoutes(options),
    ...logRoutes(options),
    ...eventRoutes(options),
    ...experimentResultRoutes(options, trials),
    exportRoute(options, trials),
    replayRoute(options, trials),
    importanceRoute(options, trials),
  ];
}
