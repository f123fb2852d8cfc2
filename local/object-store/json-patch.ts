import { isDeepStrictEqual } from 'node:util';
import { ApiError } from '../../kube/api-error.ts';
import type { JsonPatchOperation } from '../../kube/client.ts';
import { isRecord } from './document.ts';

/** What a pointer's last token is a key or an index of. */
type Container = Record<string, unknown> | unknown[];

/**
 * RFC 6902: the document after all operations; the argument stays as it is. ApiError BadRequest where an operation is
 * malformed, Invalid where it does not apply (a missing path, a failed test).
 */
export function applyJsonPatch(document: unknown, operations: readonly JsonPatchOperation[]): unknown {
  checkIsArray(operations);
  return operations.reduce<unknown>((current, operation, index) => {
    checkOperation(operation, index);
    try {
      return applyOperation(current, operation);
    } catch (error) {
      if (!(error instanceof PatchFailure)) throw error;
      throw new ApiError(
        'Invalid',
        `JSON patch operation ${index} (${operation.op} ${operation.path}): ${error.message}`,
      );
    }
  }, structuredClone(document));
}

class PatchFailure extends Error {}

const OPERATORS: readonly string[] = ['add', 'remove', 'replace', 'move', 'copy', 'test'];
const NEED_VALUE: readonly string[] = ['add', 'replace', 'test'];
const NEED_FROM: readonly string[] = ['move', 'copy'];

function checkIsArray(operations: unknown): void {
  if (Array.isArray(operations)) return;
  throw new ApiError('BadRequest', 'a JSON patch must be an array of operations');
}

function checkOperation(operation: unknown, index: number): void {
  const problem = operationProblem(operation);
  if (problem) throw new ApiError('BadRequest', `JSON patch operation ${index}: ${problem}`);
}

function operationProblem(operation: unknown): string | null {
  if (!isRecord(operation)) return 'must be an object';
  const { op, path, from } = operation;
  if (typeof op !== 'string' || !OPERATORS.includes(op)) return `op: must be one of ${OPERATORS.join(', ')}`;
  if (!isPointer(path)) return 'path: must be a JSON pointer, empty or beginning with "/"';
  if (NEED_FROM.includes(op) && !isPointer(from)) return `from: ${op} needs a JSON pointer`;
  return NEED_VALUE.includes(op) && operation['value'] === undefined ? `value: ${op} needs one` : null;
}

function isPointer(text: unknown): boolean {
  return typeof text === 'string' && (text === '' || text.startsWith('/'));
}

function applyOperation(document: unknown, operation: JsonPatchOperation): unknown {
  const { op, path, from = '', value } = operation;
  switch (op) {
    case 'add':
      return add(document, path, structuredClone(value));
    case 'remove':
      return remove(document, path);
    case 'replace':
      return replace(document, path, structuredClone(value));
    case 'copy':
      return add(document, path, structuredClone(read(document, from)));
    case 'move':
      return move(document, from, path);
    case 'test':
      if (!isDeepStrictEqual(read(document, path), value))
        throw new PatchFailure('the value is a different one');
      return document;
  }
}

function add(document: unknown, path: string, value: unknown): unknown {
  if (path === '') return value;
  const { container, key } = locate(document, path);
  if (Array.isArray(container))
    container.splice(key === '-' ? container.length : indexIn(key, container.length), 0, value);
  else setField(container, key, value);
  return document;
}

function replace(document: unknown, path: string, value: unknown): unknown {
  if (path === '') return value;
  read(document, path);
  const { container, key } = locate(document, path);
  if (Array.isArray(container)) container[Number(key)] = value;
  else setField(container, key, value);
  return document;
}

function remove(document: unknown, path: string): unknown {
  if (path === '') return null;
  read(document, path);
  const { container, key } = locate(document, path);
  if (Array.isArray(container)) container.splice(Number(key), 1);
  else Reflect.deleteProperty(container, key);
  return document;
}

function move(document: unknown, from: string, path: string): unknown {
  if (path.startsWith(`${from}/`)) throw new PatchFailure('a value cannot be moved into itself');
  const value = read(document, from);
  return path === from ? document : add(remove(document, from), path, value);
}

function read(document: unknown, path: string): unknown {
  return tokens(path).reduce(child, document);
}

function child(parent: unknown, token: string): unknown {
  if (Array.isArray(parent)) return parent[indexIn(token, parent.length - 1)];
  if (isRecord(parent) && Object.hasOwn(parent, token)) return parent[token];
  throw new PatchFailure(`there is nothing at "${token}"`);
}

function locate(document: unknown, path: string): { container: Container; key: string } {
  const steps = tokens(path);
  const key = steps.pop() ?? '';
  const container = steps.reduce(child, document);
  if (Array.isArray(container) || isRecord(container)) return { container, key };
  throw new PatchFailure(`"${key}" would be a field of something that has no fields`);
}

function tokens(path: string): string[] {
  return path
    .split('/')
    .slice(1)
    .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function indexIn(token: string, max: number): number {
  const index = /^(0|[1-9]\d*)$/.test(token) ? Number(token) : Number.NaN;
  if (index <= max) return index;
  throw new PatchFailure(`"${token}" is not an index of the array`);
}

/** A plain assignment to `__proto__` would change the object's prototype instead. */
function setField(record: Record<string, unknown>, key: string, value: unknown): void {
  Object.defineProperty(record, key, { value, writable: true, enumerable: true, configurable: true });
}
