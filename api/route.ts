import type { Readable } from 'node:stream';
import type { z } from 'zod';
import type { BodyText } from './router/body-text.ts';

/*
 * One definition of each operation: the router checks requests by it, and the OpenAPI document is made of it, so that
 * they cannot differ.
 */

export type Method = 'get' | 'post' | 'patch' | 'put' | 'delete';

export interface RouteResponse {
  readonly description: string;
  /** Absent for an empty body. */
  readonly schema?: z.ZodType;
  /** `application/json` where absent. */
  readonly contentType?: string;
}

export interface Route {
  readonly method: Method;
  /** Below `/api/v1`, as OpenAPI writes it: `/namespaces/{namespace}/experiments/{experiment}:pause`. */
  readonly path: string;
  /** In camel case, unique: the name of the method in generated clients. */
  readonly operationId: string;
  /** A group in the document: `experiments`, `trials` … */
  readonly tag: string;
  readonly summary: string;
  /** More than the summary says: rules, limits, an example with curl. */
  readonly description?: string;
  /** An object of strings, coerced by the schema; unknown parameters are refused. Absent: none is taken. */
  readonly query?: z.ZodObject;
  /**
   * Checked against the parsed JSON or YAML, and against the text where the body is of another type. Absent: the
   * operation takes no body.
   */
  readonly body?: z.ZodType;
  /** Of the body; `application/json` and `application/yaml` where absent. */
  readonly bodyTypes?: readonly string[];
  /** In bytes; 3 MiB where absent, which is twice what an object may have on a cluster. */
  readonly maxBodyBytes?: number;
  /** The request must say with If-Match which version of the object it is about. */
  readonly needsIfMatch?: boolean;
  /** By status code. Those of problems are added by themselves. */
  readonly responses: Readonly<Record<number, RouteResponse>>;
  /** True for the few operations that need no token. */
  readonly open?: boolean;
  /** Throws ApiError, KatydidError or Problem; anything else is a defect and is answered with 500 and no details. */
  handle(call: Call): Promise<Answer>;
}

/** A request that has passed all checks of its route. */
export interface Call {
  /** Of the path, decoded. */
  readonly params: Readonly<Record<string, string>>;
  /** As the route's query schema gives it; `{}` where there is none. */
  readonly query: Readonly<Record<string, unknown>>;
  /** As the route's body schema gives it; undefined where there is none. */
  readonly body: unknown;
  /** The body as it was sent; null where there is none. Its places are told by the router for errors with a path. */
  readonly source: BodyText | null;
  /** With names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** Aborted when the client is gone or the server closes. */
  readonly signal: AbortSignal;
}

export interface Answer {
  readonly status: number;
  /** Sent as JSON; undefined sends nothing. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent instead of `body`, as it comes: logs, exports, event streams. `headers` say its content type. */
  readonly stream?: Readable;
}
