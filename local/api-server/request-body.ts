import type { Request } from 'express';
import { errorMessage } from '../../core/errors.ts';
import { isJsonObject, type JsonObject } from '../../core/json.ts';
import { parseKubernetesYaml } from '../../core/yaml.ts';
import type { KubeObject } from '../../core/kubernetes-object.ts';
import { ApiError } from '../../kube/api-error.ts';
import { readProtobufObject, UnknownMessage } from './protobuf/object-reader.ts';
import { HttpRefusal } from './status-answer.ts';
import type { ResourcePath } from './resource-path.ts';

/** What typed commands of kubectl send: `kubectl create configmap`. */
const PROTOBUF = 'application/vnd.kubernetes.protobuf';
const PROTOBUF_HINT =
  ': send application/json (kubectl create … --dry-run=client -o yaml | kubectl apply -f - does)';
const READABLE = new Set(['', 'application/json', 'application/yaml']);

/** `application/json; charset=utf-8` → `application/json`; empty where the request names none. */
export function mediaType(request: Request): string {
  return (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
}

/** The body of a request in JSON, YAML or protobuf; undefined where it is empty. BadRequest, or 415 for other formats. */
export function readBody(request: Request): unknown {
  const type = mediaType(request);
  if (type === PROTOBUF) return readProtobuf(request.body);
  if (!READABLE.has(type)) {
    throw new HttpRefusal(415, `${type} is not understood here: send application/json or application/yaml`);
  }
  return parseBody(request, type === 'application/yaml' ? parseKubernetesYaml : JSON.parse);
}

function readProtobuf(body: unknown): unknown {
  if (!Buffer.isBuffer(body) || body.length === 0) return undefined;
  try {
    return readProtobufObject(body);
  } catch (error) {
    if (error instanceof UnknownMessage) throw new HttpRefusal(415, error.message + PROTOBUF_HINT);
    throw unreadable(error);
  }
}

function unreadable(error: unknown): ApiError {
  return new ApiError('BadRequest', `the body cannot be read: ${errorMessage(error)}`);
}

/** The body parsed, whatever type the request says that it has; undefined where it is empty. */
export function parseBody(request: Request, parse: (text: string) => unknown): unknown {
  const bytes: unknown = request.body;
  const text = Buffer.isBuffer(bytes) ? bytes.toString('utf8') : '';
  if (text.trim() === '') return undefined;
  try {
    return parse(text);
  } catch (error) {
    throw unreadable(error);
  }
}

/** The body as an object; empty where there is none. */
export function readOptions(request: Request): JsonObject {
  const body = readBody(request) ?? {};
  if (isJsonObject(body)) return body;
  throw new ApiError('BadRequest', 'the body is not a JSON object');
}

/**
 * The object in the body. What the path says already may be left out of it; where it says something else, BadRequest.
 */
export function readObject(request: Request, path: ResourcePath): KubeObject {
  const { resource, namespace, name } = path;
  const { metadata = {}, ...body } = readOptions(request);
  if (!isJsonObject(metadata)) throw new ApiError('BadRequest', 'metadata: an object is required');
  const { apiVersion, kind } = resource;
  const identity = {
    ...metadata,
    ...fromPath('namespace', metadata, namespace),
    ...fromPath('name', metadata, name),
  };
  return { apiVersion, kind, ...body, metadata: identity };
}

function fromPath(field: 'namespace' | 'name', metadata: JsonObject, value: string | undefined): JsonObject {
  const given = metadata[field];
  if (value === undefined) return {};
  if (given === undefined || given === '' || given === value) return { [field]: value };
  throw new ApiError(
    'BadRequest',
    `the ${field} of the object (${JSON.stringify(given)}) does not match the ${field} on the request (${value})`,
  );
}
