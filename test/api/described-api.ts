import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { expect } from 'vitest';

interface OpenApiOperation {
  operationId: string;
  parameters?: { name: string; in: string; required: boolean }[];
  requestBody?: { content: Record<string, unknown> };
  responses: Record<string, { content?: Record<string, unknown> } | undefined>;
}

/** As much of an OpenAPI document as the tests look at. */
export interface OpenApi {
  paths: Record<string, Record<string, OpenApiOperation>>;
  components: { schemas: Record<string, unknown> };
}

export interface DescribedOperation {
  readonly path: string;
  readonly method: string;
  readonly operationId: string;
  readonly parameters: readonly { name: string; in: string; required: boolean }[];
  readonly bodyTypes: readonly string[];
}

/** An OpenAPI document, against which answers are held. */
export interface DescribedApi {
  readonly operations: readonly DescribedOperation[];
  /** Fails where the operation does not describe this status, this format, or this body. */
  check(operation: DescribedOperation, response: Response): Promise<unknown>;
}

export function describedApi(document: OpenApi): DescribedApi {
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  ajv.addSchema(document, 'openapi');
  const validators = new Map<string, ValidateFunction>();
  const validatorOf = (pointer: string): ValidateFunction => {
    const known = validators.get(pointer) ?? ajv.compile({ $ref: `openapi#${pointer}` });
    validators.set(pointer, known);
    return known;
  };
  const operations: DescribedOperation[] = [];
  for (const [path, methods] of Object.entries(document.paths)) {
    for (const [method, { operationId, parameters = [], requestBody }] of Object.entries(methods)) {
      operations.push({
        path,
        method,
        operationId,
        parameters,
        bodyTypes: Object.keys(requestBody?.content ?? {}),
      });
    }
  }
  return {
    operations,
    async check({ path, method, operationId }, response) {
      const described = document.paths[path]?.[method]?.responses[String(response.status)];
      expect(described, `${operationId} answered ${response.status}, which is not described`).toBeDefined();
      if (!described?.content) {
        expect(await response.text(), `${operationId} ${response.status}`).toBe('');
        return null;
      }
      const type = response.headers.get('content-type')?.split(';')[0] ?? '';
      expect(Object.keys(described.content), `${operationId} ${response.status}`).toContain(type);
      if (type === 'text/event-stream') {
        // It would go on for ever.
        await response.body?.cancel();
        return null;
      }
      if (!/[/+]json$/.test(type)) return response.text();
      const body: unknown = await response.json();
      const pointer = [
        'paths',
        path,
        method,
        'responses',
        String(response.status),
        'content',
        type,
        'schema',
      ];
      const validate = validatorOf(pointer.map((step) => `/${escaped(step)}`).join(''));
      const isValid = validate(body);
      expect([operationId, response.status, isValid ? null : validate.errors, body]).toEqual([
        operationId,
        response.status,
        null,
        body,
      ]);
      return body;
    },
  };
}

/** For a JSON pointer in a fragment of a URI. */
function escaped(step: string): string {
  return encodeURIComponent(step.replaceAll('~', '~0').replaceAll('/', '~1'));
}
