import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { temporaryFolder } from '../../support/command.ts';
import { experimentDocument, type Changes } from '../../support/experiment-document.ts';
import { command, type Answer } from '../results-fixture.ts';

async function preview(documents: readonly unknown[], ...options: string[]): Promise<Answer> {
  using folder = temporaryFolder();
  const file = join(folder.path, 'experiment.yaml');
  writeFileSync(file, documents.map((document) => stringify(document, { version: '1.1' })).join('---\n'));
  return await command(['preview', file, ...options]);
}

const INTS = [{ name: 'layers', parameterType: 'int', feasibleSpace: { min: '1', max: '4' } }];
const ONLY_LAYERS: Changes = {
  'spec.algorithm.algorithmName': 'grid',
  'spec.parameters': INTS,
  'spec.trialTemplate.trialParameters': [{ name: 'layers', reference: 'layers' }],
  'spec.trialTemplate.trialSpec.spec.template.spec.containers.0.command': [
    'train',
    '${trialParameters.layers}',
  ],
};

describe('a preview', () => {
  it('shows the search, its first suggestions and the first job, rendered', async () => {
    const { code, stdout } = await preview([experimentDocument()], '--count', '2');
    expect(code).toBe(0);
    expect(stdout).toContain('Algorithm random, at most 12 trials. The search space is continuous.');
    expect(stdout.match(/^digits-\d /gm)).toEqual(['digits-0 ', 'digits-1 ']);
    expect(stdout).toMatch(/- --layers=[1-4]\n/);
    expect(stdout).not.toContain('${');
  });

  it.each([
    [12, 'at most 12 trials. The search space has 4 combinations, 4 trials can cover it.'],
    [4, 'at most 4 trials. The search space has 4 combinations, exactly as many.'],
    [3, 'at most 3 trials. The search space has 4 combinations, of which at most 3 are tried.'],
  ])('compares %d trials with a finite space', async (maxTrialCount, sentence) => {
    const changes = { ...ONLY_LAYERS, 'spec.maxTrialCount': maxTrialCount };
    const { stdout } = await preview([experimentDocument(changes)]);
    expect(stdout).toContain(sentence);
  });

  it('says when a space has no more points than were asked for', async () => {
    const { stdout } = await preview([experimentDocument(ONLY_LAYERS)], '--count', '9');
    expect(stdout.match(/^digits-\d /gm)).toHaveLength(4);
    expect(stdout).toContain('The search space has no further points.');
  });

  it('begins with the initial trials, and is the same again with a seed', async () => {
    const initialTrials = [{ parameterAssignments: [{ name: 'layers', value: '3' }] }];
    const changes = { ...ONLY_LAYERS, 'spec.initialTrials': initialTrials, 'spec.seed': 3 };
    const [first, second] = await Promise.all([
      preview([experimentDocument(changes)], '--count', '4'),
      preview([experimentDocument({ ...changes, 'metadata.name': 'digits' })], '--count', '4'),
    ]);
    const layers = [...first.stdout.matchAll(/^digits-\d +(\d)/gm)].map(([, value]) => value);
    expect(layers[0]).toBe('3');
    expect(layers.sort()).toEqual(['1', '2', '3', '4']);
    expect(second.stdout).toBe(first.stdout);
  });

  it('is data for programs', async () => {
    const { stdout } = await preview([experimentDocument(ONLY_LAYERS)], '-o', 'json', '--count', '1');
    expect(JSON.parse(stdout)).toMatchObject({
      experiment: 'digits',
      algorithm: 'grid',
      maxTrials: 12,
      combinations: 4,
      suggestions: [
        {
          trial: 'digits-0',
          parameterAssignments: [{ name: 'layers', value: expect.stringMatching(/^[1-4]$/) as string }],
        },
      ],
      firstTrial: { kind: 'Job', metadata: { name: 'digits-0' } },
    });
  });

  it('has a stand-in for a name that is generated', async () => {
    const { stdout } = await preview([experimentDocument({ metadata: { generateName: 'try-' } })]);
    expect(stdout).toContain('First suggestions of try-xxxxx:');
  });

  it('takes a template from a ConfigMap in the same file, and says where one is missing', async () => {
    const template = 'apiVersion: batch/v1\nkind: Job\nspec: { x: "${trialParameters.layers}" }\n';
    const configMap = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'templates', namespace: 'default' },
      data: { 'job.yaml': template },
    };
    const fromConfigMap = experimentDocument({
      ...ONLY_LAYERS,
      'spec.trialTemplate.trialSpec': undefined,
      'spec.trialTemplate.successCondition': 'status.x',
      'spec.trialTemplate.failureCondition': 'status.y',
      'spec.trialTemplate.configMap': {
        configMapName: 'templates',
        configMapNamespace: 'default',
        templatePath: 'job.yaml',
      },
    });
    expect((await preview([configMap, fromConfigMap])).stdout).toMatch(/x: "[1-4]"/);
    const { code, stderr } = await preview([fromConfigMap]);
    expect(code).toBe(2);
    expect(stderr).toContain('[TEMPLATE_NOT_FOUND]');
  });
});
