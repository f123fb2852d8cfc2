import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { shellExperiment } from '../support/shell-experiment.ts';
import { katydid, temporaryFolder } from '../support/command.ts';

it('a run ends with one JSON object on stdout, and everything else on stderr; what it found can be read', async () => {
  using folder = temporaryFolder();
  const file = join(folder.path, 'tiny.yaml');
  const dataDir = ['--data-dir', join(folder.path, 'data')];
  writeFileSync(file, shellExperiment({ name: 'tiny', trials: 3, script: 'echo loss=$X; echo noise >&2' }));

  const run = await katydid(['run', file, ...dataDir, '-o', 'json']);
  expect(run.code, run.stderr).toBe(0);
  expect(run.stdout.trim().split('\n')).toHaveLength(1);
  expect(JSON.parse(run.stdout)).toMatchObject({
    experiment: 'tiny',
    status: 'Succeeded',
    reason: 'ExperimentMaxTrialsReached',
    trials: { total: 3, succeeded: 3 },
  });
  const lines = run.stderr.trim().split('\n');
  expect(lines[0]).toBe('Experiment tiny started.');
  expect(lines.slice(1).map((line) => line.slice(0, 5))).toEqual(['[1/3]', '[2/3]', '[3/3]']);

  const again = await katydid(['run', file, ...dataDir]);
  expect(again.code).toBe(0);
  expect(again.stderr).toBe('Experiment tiny is finished already.\n');
  expect(again.stdout).toMatch(/^Experiment tiny: Succeeded\./);

  const rows = await katydid(['export', 'tiny', ...dataDir, '-o', 'ndjson']);
  for (const line of rows.stdout.trim().split('\n')) {
    const row = JSON.parse(line) as Record<string, unknown>;
    expect(row['objective']).toBe(row['parameter.x']);
  }
});

it('a file comes from standard input, too', async () => {
  const input = shellExperiment({ name: 'piped', trials: 3, script: 'echo loss=$X' });
  const { code, stdout } = await katydid(['validate', '-'], { input });
  expect([code, stdout]).toEqual([0, '(standard input): piped is valid\n']);
});

it('ask-tell answers each line', async () => {
  const input = '{"op":"ask","count":2}\nnonsense\n{"op":"tell","name":"t-1","value":0.5}\n';
  const { code, stdout } = await katydid(['ask-tell', 'examples/shell-job/experiment.yaml', '--seed', '1'], {
    input,
  });
  expect(code).toBe(0);
  const answers = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(answers.map((answer) => Object.keys(answer)[0])).toEqual(['suggestions', 'error', 'ok']);
});
