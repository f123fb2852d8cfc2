import { z } from 'zod';
import { isJsonObject, type JsonObject } from '../../core/json.ts';
import { PROBLEM_CODES } from '../problem/codes.ts';
import { problemSchema } from '../problem/problem-document.ts';
import type { Route, RouteResponse } from '../route.ts';
import { bodyTypesOf } from '../router/read-body.ts';
import type { MountedRoute } from '../router/route-table.ts';

const DESCRIPTION =
  'Tune hyperparameters: create experiments, follow them, read their trials. Failures are problems (RFC 9457) with stable codes.';

/** The description of the API in OpenAPI 3.1, made of the routes by which requests are checked. */
export function openApiDocument(mounted: readonly MountedRoute[], version: string): JsonObject {
  const components = new SchemaComponents();
  const paths: Record<string, JsonObject> = {};
  for (const { route, path } of mounted) {
    paths[path] = { ...paths[path], [route.method]: operation(route, path, components) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Katydid',
      version,
      description: DESCRIPTION,
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    security: [{ token: [] }],
    tags: [...new Set(mounted.map(({ route }) => route.tag))].map((name) => ({ name })),
    paths,
    components: {
      schemas: components.schemas,
      securitySchemes: { token: { type: 'http', scheme: 'bearer' } },
    },
  };
}

/** Schemas with an id stand once, and are referred to. */
class SchemaComponents {
  readonly schemas: Record<string, unknown> = {};

  add(schema: z.ZodType, io: 'input' | 'output'): JsonObject {
    const { $defs, ...json } = z.toJSONSchema(schema, { io, unrepresentable: 'any' }) as JsonObject;
    delete json['$schema'];
    if (isJsonObject($defs))
      for (const [id, definition] of Object.entries($defs)) this.#define(id, definition);
    const { id } = json;
    if (typeof id !== 'string') return relocated(json) as JsonObject;
    this.#define(id, json);
    return { $ref: reference(id) };
  }

  #define(id: string, definition: unknown): void {
    const nameless = Object.entries(definition as JsonObject).filter(([key]) => key !== 'id');
    this.schemas[id] ??= relocated(Object.fromEntries(nameless));
  }
}

function reference(id: string): string {
  return `#/components/schemas/${id}`;
}

/** References into the schema's own definitions lead to the components instead. */
function relocated(json: unknown): unknown {
  if (Array.isArray(json)) return json.map(relocated);
  if (!isJsonObject(json)) return json;
  return Object.fromEntries(
    Object.entries(json).map(([key, value]) =>
      key === '$ref' && typeof value === 'string'
        ? [key, value.replace(/^#\/\$defs\//, reference(''))]
        : [key, relocated(value)],
    ),
  );
}

function operation(route: Route, path: string, components: SchemaComponents): JsonObject {
  const { operationId, tag, summary, description, body, query, open = false } = route;
  const parameters = [
    ...pathParameters(path),
    ...queryParameters(query, components),
    ...headerParameters(route),
  ];
  return {
    operationId,
    tags: [tag],
    summary,
    ...(description !== undefined && { description }),
    ...(open && { security: [] }),
    ...(parameters.length > 0 && { parameters }),
    ...(body && { requestBody: requestBody(route, body, components) }),
    responses: responses(route, path, components),
  };
}

function pathParameters(path: string): JsonObject[] {
  return Array.from(path.matchAll(/\{(\w+)\}/g), ([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
}

function queryParameters(query: z.ZodObject | undefined, components: SchemaComponents): JsonObject[] {
  return Object.entries(query?.shape ?? {}).map(([name, field]) => {
    const { description, ...schema } = components.add(field as z.ZodType, 'input');
    const isOptional = (field as z.ZodType).safeParse(undefined).success;
    return {
      name,
      in: 'query',
      required: !isOptional,
      ...(description !== undefined && { description }),
      schema,
    };
  });
}

function headerParameters({ method, needsIfMatch = false }: Route): JsonObject[] {
  const text = { schema: { type: 'string' } };
  const parameters: JsonObject[] = [];
  if (needsIfMatch) {
    const description = 'The ETag of the version that is to be changed.';
    parameters.push({ name: 'If-Match', in: 'header', required: true, description, ...text });
  }
  if (method === 'get') {
    const description = 'The ETag of an answer that is there already: 304 where it is still good.';
    parameters.push({ name: 'If-None-Match', in: 'header', required: false, description, ...text });
  }
  if (method === 'post') {
    const description = 'A random text: the same request with the same key is carried out once.';
    parameters.push({ name: 'Idempotency-Key', in: 'header', required: false, description, ...text });
  }
  return parameters;
}

function requestBody(route: Route, body: z.ZodType, components: SchemaComponents): JsonObject {
  const schema = components.add(body, 'input');
  return {
    required: true,
    content: Object.fromEntries(bodyTypesOf(route).map((type) => [type, { schema }])),
  };
}

function responses(route: Route, path: string, components: SchemaComponents): JsonObject {
  const ours = Object.entries(route.responses).map(([status, response]) => [
    status,
    success(response, route, components),
  ]);
  const isCacheable = route.method === 'get' && route.responses[200]?.schema !== undefined;
  const problems = problemStatuses(route, path).map((status) => [
    String(status),
    problem(status, components),
  ]);
  return Object.fromEntries([
    ...problems,
    ...(isCacheable ? [['304', { description: 'What If-None-Match names is still good.' }]] : []),
    ...ours,
  ]) as JsonObject;
}

function success(response: RouteResponse, { method }: Route, components: SchemaComponents): JsonObject {
  const { description, schema, contentType = 'application/json' } = response;
  const headers = method === 'get' && schema ? { headers: { ETag: { schema: { type: 'string' } } } } : {};
  if (!schema && response.contentType === undefined) return { description };
  const json = schema ? components.add(schema, 'output') : { type: 'string' };
  const types = contentType.split(',').map((type) => type.trim());
  return {
    description,
    ...headers,
    content: Object.fromEntries(types.map((type) => [type, { schema: json }])),
  };
}

/** Which problems an operation may answer with. */
function problemStatuses(route: Route, path: string): number[] {
  const { open = false, body, method, needsIfMatch = false } = route;
  const isWrite = method !== 'get';
  return [
    400,
    ...(open ? [] : [401]),
    403,
    ...(path.includes('{') ? [404, 410] : []),
    406,
    ...(isWrite ? [409, 413, 422] : []),
    ...(isWrite ? [412] : []),
    ...(body ? [415] : []),
    ...(needsIfMatch ? [428] : []),
    429,
    500,
    503,
    504,
  ];
}

function problem(status: number, components: SchemaComponents): JsonObject {
  const titles = Object.entries(PROBLEM_CODES).filter(([, kind]) => kind.status === status);
  return {
    description: titles.map(([code, { title }]) => `${title} (${code}).`).join(' '),
    content: { 'application/problem+json': { schema: components.add(problemSchema, 'output') } },
  };
}
