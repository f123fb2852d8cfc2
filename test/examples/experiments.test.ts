import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { z } from 'zod';
import { experimentSchema, type ExperimentSpec } from '../../core/experiment.ts';
import { parseOptions } from '../../examples/digits/options.ts';

/*
 * The experiments and the programs that they start must fit each other. That the experiments run is shown by the tests
 * of the whole.
 */

function exampleFile(name: string): string {
  return fileURLToPath(new URL(`../../examples/${name}`, import.meta.url));
}

function documentsOf(example: string): unknown[] {
  const text = readFileSync(exampleFile(`${example}/experiment.yaml`), 'utf8');
  return parseAllDocuments(text).map((document) => document.toJS() as unknown);
}

function experimentOf(example: string): ExperimentSpec {
  const experiments = documentsOf(example).filter((document) => experimentSchema.safeParse(document).success);
  expect(experiments).toHaveLength(1);
  return experimentSchema.parse(experiments[0]).spec;
}

/** The trial's job with a possible value in place of each placeholder. */
function renderedJob(spec: ExperimentSpec): unknown {
  const values = new Map<string, string>([['${trialSpec.Name}', 'trial-0']]);
  for (const { name, feasibleSpace } of spec.parameters ?? []) {
    values.set(name, feasibleSpace.min ?? feasibleSpace.list?.at(-1) ?? '');
  }
  let text = JSON.stringify(spec.trialTemplate.trialSpec);
  for (const { name, reference } of spec.trialTemplate.trialParameters ?? []) {
    text = text.replaceAll(`\${trialParameters.${name}}`, values.get(reference) ?? '(no such parameter)');
  }
  expect(text).not.toContain('${trialParameters');
  return JSON.parse(text) as unknown;
}

const podSchema = z.object({
  containers: z.tuple([
    z.object({
      name: z.string(),
      image: z.string(),
      command: z.array(z.string()),
      env: z.array(z.object({ name: z.string(), value: z.string() })).default([]),
    }),
  ]),
  volumes: z.array(z.object({ persistentVolumeClaim: z.object({ claimName: z.string() }) })).default([]),
});
const templateSchema = z.object({ spec: podSchema });
const jobSchema = z.object({ spec: z.object({ template: templateSchema }) });
const tfJobSchema = z.object({
  spec: z.object({
    tfReplicaSpecs: z.record(z.string(), z.object({ replicas: z.number(), template: templateSchema })),
  }),
});

describe.each([
  ['digits', 'PS'],
  ['seed-manifest', 'Ps'],
])('%s', (example, ps) => {
  const spec = experimentOf(example);
  const { tfReplicaSpecs } = tfJobSchema.parse(renderedJob(spec)).spec;
  const replicas = Object.entries(tfReplicaSpecs);

  it('has a chief, a parameter server and two workers', () => {
    expect(replicas.map(([type, { replicas: count }]) => [type, count])).toEqual([
      ['Chief', 1],
      [ps, 1],
      ['Worker', 2],
    ]);
  });

  it('starts the training program with flags that it understands', () => {
    for (const [, { template }] of replicas) {
      const [{ name, command, env }] = template.spec.containers;
      expect(name).toBe(spec.trialTemplate.primaryContainerName);
      expect(command.slice(0, 2)).toEqual(['node', '/app/train.ts']);
      const environment = Object.fromEntries(env.map((variable) => [variable.name, variable.value]));
      expect(() => parseOptions(command.slice(2), environment)).not.toThrow();
    }
  });

  it('maps the image to the directory of the program', () => {
    const file = exampleFile(`${example}/katydid.config.yaml`);
    const mapping = z.object({
      images: z.record(z.string(), z.object({ pathMap: z.object({ '/app': z.string() }) })),
    });
    const { images } = mapping.parse(parse(readFileSync(file, 'utf8')));
    for (const [, { template }] of replicas) {
      const program = images[template.spec.containers[0].image]?.pathMap['/app'] ?? '(not mapped)';
      expect(existsSync(resolve(dirname(file), program, 'train.ts'))).toBe(true);
    }
  });
});

describe('seed-manifest', () => {
  const { tfReplicaSpecs } = tfJobSchema.parse(renderedJob(experimentOf('seed-manifest'))).spec;

  it('declares the claim that it mounts', () => {
    const claims = documentsOf('seed-manifest').filter(
      (document) => (document as { kind?: string }).kind === 'PersistentVolumeClaim',
    );
    const mounted = Object.values(tfReplicaSpecs).map(({ template }) => template.spec.volumes);
    expect(claims).toMatchObject([{ metadata: { name: 'local-path-pvc' } }]);
    for (const volumes of mounted) {
      expect(volumes).toMatchObject([{ persistentVolumeClaim: { claimName: 'local-path-pvc' } }]);
    }
  });

  it('gives each trial directories of its own', () => {
    for (const { template } of Object.values(tfReplicaSpecs)) {
      expect(template.spec.containers[0].env).toEqual([
        { name: 'modelDir', value: '/train/trial-0/model' },
        { name: 'exportDir', value: '/train/trial-0/export' },
      ]);
    }
  });
});

describe('shell-job', () => {
  const [{ command }] = jobSchema.parse(renderedJob(experimentOf('shell-job'))).spec.template.spec.containers;

  it('prints a curve that sinks to the height of the chosen point', () => {
    expect([command[0], ...command.slice(3)]).toEqual(['sh', '-5', '-5']);
    const { stdout, stderr, status } = spawnSync('sh', [...command.slice(1, 3), '2', '-2'], {
      encoding: 'utf8',
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const lines = stdout.trimEnd().split('\n');
    expect(lines[0]).toBe('epoch=1 loss=2.0000');
    expect(lines.at(-1)).toBe('epoch=10 loss=1.0001');
    expect(lines).toHaveLength(10);
  });
});
