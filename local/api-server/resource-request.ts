import type { Request } from 'express';
import type { KubeClient } from '../../kube/client.ts';
import type { CustomKinds } from './custom-kinds.ts';
import type { ResourcePath } from './resource-path.ts';
import type { ApiServerOptions } from './server-options.ts';

/** A request about objects, taken apart. */
export interface ResourceRequest {
  readonly options: ApiServerOptions;
  readonly kinds: CustomKinds;
  readonly path: ResourcePath;
  readonly query: URLSearchParams;
  readonly request: Request;
  /** Aborted when the client is gone or the server closes. */
  readonly signal: AbortSignal;
}

/** The client for a write: the one that stores, or the one that only tries. */
export function writer({ options }: ResourceRequest, isDryRun: boolean): KubeClient {
  return isDryRun ? options.dryRunClient : options.client;
}
