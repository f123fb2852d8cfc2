import express, { type Express } from 'express';
import type { RestOptions } from './rest-options.ts';

/** The REST API, for a server to listen with. `closing` ends what would go on for ever. */
export function createRestApi(options: RestOptions, closing: AbortSignal): Express {
  const app = express();
  app.disable('x-powered-by');
  app.get('/healthz', (_request, response) => {
    response.json({ status: closing.aborted ? 'closing' : 'ok', version: options.version });
  });
  return app;
}
