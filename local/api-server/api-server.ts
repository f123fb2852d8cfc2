import express, { type ErrorRequestHandler, type Express, type RequestHandler } from 'express';
import { listenOnLoopback, type LoopbackServer } from '../../http/loopback-server.ts';
import { accessReviewRoutes } from './access-reviews.ts';
import { guardAccess } from './access-guard.ts';
import { type CustomKinds, readCustomKinds } from './custom-kinds.ts';
import { registerDefinitions } from './definitions.ts';
import { documentRoutes } from './document-routes.ts';
import { handleResource, noSuchPath } from './resource-handler.ts';
import { parseResourcePath } from './resource-path.ts';
import type { ApiServerOptions } from './server-options.ts';
import { failureStatus } from './status-answer.ts';

export type { ApiServerOptions } from './server-options.ts';

/** As much as a Kubernetes API server takes. */
const MAX_BODY_BYTES = 3 * 1024 * 1024;

export interface ApiServer {
  /** On 127.0.0.1 only; port 0 takes a free one. Rejects with KatydidError PORT_UNUSABLE. */
  listen(port: number): Promise<LoopbackServer>;
}

/** The Kubernetes-style API over HTTP in front of a client, for kubectl and every other program that knows the API. */
export function createApiServer(options: ApiServerOptions): ApiServer {
  return {
    async listen(port) {
      await registerDefinitions(options.client, options.crds);
      const closing = new AbortController();
      const app = createApp(options, closing.signal);
      const server = await listenOnLoopback(app, { port, tls: options.tls });
      return {
        url: server.url,
        close() {
          closing.abort();
          return server.close();
        },
      };
    },
  };
}

function createApp(options: ApiServerOptions, closing: AbortSignal): Express {
  const kinds = readCustomKinds(options.crds);
  const app = express();
  app.disable('x-powered-by');
  app.set('etag', false);
  app.use(guardAccess(options.token));
  app.use(documentRoutes(kinds, options.version));
  app.use(express.raw({ type: () => true, limit: MAX_BODY_BYTES }));
  app.use(accessReviewRoutes());
  app.use(resourceRoutes(options, kinds, closing));
  app.use(sendFailure(options));
  return app;
}

function resourceRoutes(options: ApiServerOptions, kinds: CustomKinds, closing: AbortSignal): RequestHandler {
  return async (request, response) => {
    const path = parseResourcePath(request.path);
    if (!path) throw noSuchPath();
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    const signal = AbortSignal.any([closing, gone.signal]);
    const query = new URLSearchParams(/\?(.*)$/s.exec(request.url)?.[1]);
    await handleResource({ options, kinds, path, query, request, signal }, response);
  };
}

/** Express knows error handlers by their four parameters. */
function sendFailure({ logger }: ApiServerOptions): ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    const status = failureStatus(error, parseResourcePath(request.path), logger);
    if (response.headersSent) {
      // The answer has begun: express cuts it off, which is all that can still be said.
      next(error);
      return;
    }
    if (status.code === 401) response.set('www-authenticate', 'Bearer');
    response.status(status.code).json(status);
  };
}
