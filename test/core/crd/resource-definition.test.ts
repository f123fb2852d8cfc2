import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { resourceDefinitions } from '../../../core/crd/resource-definition.ts';
import { isJsonObject, type JsonObject, valueAt } from '../../../core/json.ts';

const definitions = resourceDefinitions();
const SCHEMA = ['spec', 'versions', 0, 'schema', 'openAPIV3Schema'];

function schemaOf(name: keyof typeof definitions, ...path: string[]): unknown {
  return valueAt(definitions[name], [...SCHEMA, ...path]);
}

/** Every object inside a value, itself included. */
function* objectsIn(value: unknown): Generator<JsonObject> {
  if (Array.isArray(value)) for (const item of value) yield* objectsIn(item);
  if (!isJsonObject(value)) return;
  yield value;
  for (const item of Object.values(value)) yield* objectsIn(item);
}

describe.each(['experiments', 'trials', 'suggestions'] as const)('the definition of %s', (name) => {
  it('is what deploy/crds has', () => {
    const file = new URL(`../../../deploy/crds/${name}.yaml`, import.meta.url);
    expect(parse(readFileSync(file, 'utf8'))).toEqual(JSON.parse(JSON.stringify(definitions[name])));
  });

  it('has the names, columns and status of Katib', () => {
    expect(definitions[name]).toMatchObject({
      metadata: { name: `${name}.kubeflow.org` },
      spec: {
        group: 'kubeflow.org',
        scope: 'Namespaced',
        names: { plural: name, categories: ['all', 'kubeflow', 'katib'] },
      },
    });
    const version = valueAt(definitions[name], ['spec', 'versions', 0]);
    expect(version).toMatchObject({
      name: 'v1beta1',
      served: true,
      storage: true,
      subresources: { status: {} },
    });
    const columns = valueAt(version, ['additionalPrinterColumns']);
    const counts = name === 'suggestions' ? ['Requested', 'Assigned'] : [];
    const names = (columns as { name: string }[]).map((column) => column.name);
    expect(names).toEqual(['Type', 'Status', ...counts, 'Age']);
  });

  it('is structural: typed throughout, without references and alternatives', () => {
    for (const schema of objectsIn(schemaOf(name))) {
      expect(schema).not.toHaveProperty('$ref');
      expect(schema).not.toHaveProperty('$schema');
      expect(schema).not.toHaveProperty('anyOf');
      expect(schema.additionalProperties).not.toBe(false);
      expect(isJsonObject(schema.properties) && schema.additionalProperties !== undefined).toBe(false);
    }
  });
});

describe('the schema of an experiment', () => {
  it('keeps the fields of foreign manifests', () => {
    const template = schemaOf(
      'experiments',
      'properties',
      'spec',
      'properties',
      'trialTemplate',
      'properties',
    );
    expect(template).toMatchObject({
      trialSpec: {
        type: 'object',
        properties: { apiVersion: { type: 'string' }, kind: { type: 'string' } },
        'x-kubernetes-preserve-unknown-fields': true,
      },
      primaryPodLabels: { type: 'object', additionalProperties: { type: 'string' } },
      trialParameters: { 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['name'] },
    });
  });

  it('lets a port be a number or text, and a time be null', () => {
    const port = [
      'properties',
      'spec',
      'properties',
      'metricsCollectorSpec',
      'properties',
      'source',
      'properties',
    ];
    expect(schemaOf('experiments', ...port, 'httpGet', 'properties', 'port')).toEqual({
      'x-kubernetes-int-or-string': true,
    });
    expect(schemaOf('experiments', 'properties', 'status', 'properties', 'completionTime')).toMatchObject({
      type: 'string',
      nullable: true,
    });
  });

  it('does not make inputSizes a set, for a picture may be as wide as high', () => {
    const graph = [
      'properties',
      'spec',
      'properties',
      'nasConfig',
      'properties',
      'graphConfig',
      'properties',
    ];
    expect(schemaOf('experiments', ...graph, 'inputSizes')).not.toHaveProperty('x-kubernetes-list-type');
  });

  it('bounds 32-bit numbers itself: the API server does not take their format for a bound', () => {
    expect(schemaOf('experiments', 'properties', 'spec', 'properties', 'maxTrialCount')).toMatchObject({
      format: 'int32',
      minimum: -2147483648,
      maximum: 2147483647,
    });
  });

  it('names the field that a rule is about, where the rule stands above it', () => {
    const spec = schemaOf('experiments', 'properties', 'spec');
    for (const { rule, fieldPath } of valueAt(spec, ['x-kubernetes-validations']) as Record<
      string,
      string
    >[]) {
      if (typeof fieldPath !== 'string') continue;
      expect(valueAt(spec, ['properties', fieldPath.slice(1)]), rule).toBeDefined();
    }
  });

  it('carries the rules between fields where they belong', () => {
    const rules = (...path: string[]): number => {
      const found = schemaOf('experiments', 'properties', 'spec', ...path, 'x-kubernetes-validations');
      return Array.isArray(found) ? found.length : 0;
    };
    expect(valueAt(definitions.experiments, [...SCHEMA, 'x-kubernetes-validations', 0, 'rule'])).toContain(
      'metadata.name',
    );
    expect(rules()).toBeGreaterThan(10);
    expect(rules('properties', 'parameters', 'items')).toBeGreaterThan(3);
    expect(rules('properties', 'objective')).toBeGreaterThan(0);
    expect(rules('properties', 'trialTemplate')).toBeGreaterThan(0);
  });
});

it('the generator finds its own output up to date', () => {
  const script = new URL('../../../scripts/generate-crds.ts', import.meta.url).pathname;
  expect(() => execFileSync(process.execPath, [script, '--check'])).not.toThrow();
});
