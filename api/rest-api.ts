import compression from 'compression';
import express, { type Express } from 'express';
import { openApiDocument } from './openapi/document.ts';
import { createAnswerStore } from './router/answer-store.ts';
import { handleRequests } from './router/handle-request.ts';
import { createRouteTable, mountRoutes, type MountedRoute } from './router/route-table.ts';
import type { RestOptions } from './rest-options.ts';
import { apiRoutes } from './routes.ts';
import { serviceRoutes } from './service/service-routes.ts';

/** The REST API, for a server to listen with. `closing` ends what would go on for ever. */
export function createRestApi(options: RestOptions, closing: AbortSignal): Express {
  const { token, logger, clock } = options;
  const mounted: MountedRoute[] = mountRoutes('/api/v1', apiRoutes(options, closing));
  mounted.push(
    ...mountRoutes(
      '',
      serviceRoutes(options, () => document),
    ),
  );
  const document = openApiDocument(mounted, options.version);
  const app = express();
  app.disable('x-powered-by');
  app.set('etag', false);
  app.use(compression({ threshold: 1024 }));
  app.use(
    handleRequests({
      table: createRouteTable(mounted),
      token,
      answers: createAnswerStore(clock),
      logger,
      closing,
    }),
  );
  return app;
}
