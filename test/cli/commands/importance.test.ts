import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { importanceLines } from '../../../cli/importance/importance-lines.ts';
import { bar } from '../../../cli/importance/bar.ts';
import { percent } from '../../../cli/importance/percent.ts';
import { fanova } from '../../../algorithms/importance/fanova/fanova.ts';
import {
  DEFAULT_IMPORTANCE_SETTINGS,
  type ImportanceReport,
} from '../../../algorithms/importance/importance.ts';
import { pedAnova } from '../../../algorithms/importance/pedanova/pedanova.ts';
import { EXPERIMENTS } from '../../../kube/resource.ts';
import { resultsFixture, type ResultsFixture } from '../results-fixture.ts';
import { experimentObject, storeTrial } from '../world.ts';

let fixture: ResultsFixture;
beforeAll(async () => {
  fixture = await resultsFixture();
  await fixture.world.client.create(
    EXPERIMENTS,
    experimentObject('many', {
      parameters: ['x', 'y'].map((name) => ({
        name,
        parameterType: 'double' as const,
        feasibleSpace: { min: '0', max: '1' },
      })),
    }),
  );
  for (let index = 0; index < 30; index++) {
    const x = (index * 0.618034) % 1;
    await storeTrial(fixture.world, {
      index: 100 + index,
      state: 'Succeeded',
      loss: x,
      meta: { name: `many-${index}`, labels: { 'katib.kubeflow.org/experiment': 'many' } },
      spec: {
        parameterAssignments: [
          { name: 'x', value: String(x) },
          { name: 'y', value: String((index * 0.754878) % 1) },
        ],
      },
    });
  }
});
afterAll(() => fixture.remove());

async function data(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await fixture.katydid('importance', 'many', ...args);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return stdout;
}

describe('importance', () => {
  it('shows what sets the best trials apart', async () => {
    const lines = (await data()).split('\n');
    expect(lines.slice(0, 3)).toEqual([
      'What sets the best 5 of 30 trials apart (pedanova):',
      '',
      'PARAMETER   SHARE',
    ]);
    expect(lines[3]).toMatch(/^x {11}\d+ % ± \d+$/);
    expect(await data('--target', '0.2', '--region', '0.8')).toMatch(
      /^What sets the best 6 of 30 trials apart from the best 24 \(pedanova\):/,
    );
  });

  it('shows the variance that a forest splits', async () => {
    const text = await data('--evaluator', 'fanova');
    expect(text).toMatch(/^What the results of 30 trials follow \(fanova\):/);
    expect(text).toMatch(/\n\nThe parameters bring \d+ % of the variance each by itself\./);
  });

  it('prints JSON and CSV for programs', async () => {
    expect(JSON.parse(await data('-o', 'json'))).toMatchObject({
      evaluator: 'pedanova',
      trials: 30,
      compared: { good: 5, all: 30 },
      importances: [{ parameter: 'x' }, { parameter: 'y' }],
      explained: null,
      notes: [],
    });
    expect(await data('-o', 'csv')).toMatch(/^parameter,share,deviation\nx,0\.\d+,0\.\d+\ny,/);
  });

  it('says why it shows nothing', async () => {
    const { code, stdout, stderr } = await fixture.katydid('importance', 'exp');
    expect([code, stdout]).toEqual([0, '']);
    expect(stderr.split('\n')).toEqual([
      '1 trial has a result, and at least 10 are needed.',
      '2 trials without a result are left out.',
    ]);
  });

  it.each<[string[], string]>([
    [['--evaluator', 'shap'], 'Allowed choices are pedanova, fanova'],
    [['--target', '0'], '"0" is not a number above 0 and up to 1'],
    [['--region', ''], '"" is not a number above 0 and up to 1'],
    [['--target', '0.5', '--region', '0.5'], '--target: The target 0.5 is not below the region 0.5.'],
    [['--evaluator', 'fanova', '--target', '0.2'], 'fanova looks at all trials alike: it has no target.'],
  ])('refuses %j', async (args, message) => {
    const { code, stdout, stderr } = await fixture.katydid('importance', 'many', ...args);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(message);
  });

  it('stands in the description of the experiment', async () => {
    const { stdout } = await fixture.katydid('describe', 'many');
    expect(stdout).toMatch(/\nMatters {6}x \d+ %.* \(of 30 trials; katydid importance tells more\)\n/);
    expect((await fixture.katydid('describe', 'exp')).stdout).not.toContain('Matters');
  });
});

describe('on a terminal', () => {
  const report: ImportanceReport = {
    evaluator: 'fanova',
    trials: 50,
    compared: null,
    importances: [
      { parameter: 'learningRate', share: 0.996, deviation: 0.02 },
      { parameter: 'units', share: 0.004, deviation: 0.001 },
      { parameter: 'fixed', share: 0, deviation: 0 },
    ],
    explained: 0.75,
    interactions: [{ parameters: ['learningRate', 'units'], share: 0.25 }],
    notes: [],
  };
  const settings = DEFAULT_IMPORTANCE_SETTINGS;

  it('shares have bars that the line has room for', () => {
    expect(
      importanceLines(report, { evaluator: fanova, settings }, 'text', 50).join('\n').split('\n'),
    ).toEqual([
      'What the results of 50 trials follow (fanova):',
      '',
      'PARAMETER      SHARE',
      'learningRate   100 % ± 2   █████████████████████▉',
      'units           <1 % ± 1   ▏',
      'fixed            0 % ± 0',
      '',
      'The parameters bring 75 % of the variance each by itself.',
      '',
      'TOGETHER               OF THE VARIANCE',
      'learningRate × units   25 %              ██▌',
    ]);
    const wide = importanceLines(report, { evaluator: fanova, settings }, 'text', 200).join('\n');
    expect(Math.max(...wide.split('\n').map((line) => line.split('█').length - 1))).toBe(39);
  });

  it('nothing is shown where nothing was found', () => {
    const nothing = { ...report, importances: [], interactions: [], explained: null };
    expect(importanceLines(nothing, { evaluator: pedAnova, settings }, 'text', 80)).toEqual([]);
  });

  it.each([
    [0, '', '0 %'],
    [0.004, '', '<1 %'],
    [0.05, '▌', '5 %'],
    [0.5, '█████', '50 %'],
    [1, '██████████', '100 %'],
  ])('%d is the bar %j and %j', (part, drawn, text) =>
    expect([bar(part, 10), percent(part)]).toEqual([drawn, text]),
  );
});
