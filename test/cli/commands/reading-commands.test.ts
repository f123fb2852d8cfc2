import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EXPERIMENTS, TRIALS } from '../../../kube/resource.ts';
import { command, resultsFixture, type ResultsFixture } from '../results-fixture.ts';
import { experimentObject } from '../world.ts';

let fixture: ResultsFixture;
beforeAll(async () => {
  fixture = await resultsFixture();
});
afterAll(() => fixture.remove());

const linesOf = (text: string): string[] => text.split('\n');

async function data(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await fixture.katydid(...args);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return stdout;
}

describe('get', () => {
  it('lists experiments with how they stand', async () => {
    expect(linesOf(await data('get'))).toEqual([
      'NAMESPACE   NAME   STATUS      TRIALS   RUNNING   FAILED   BEST',
      'default     exp    Succeeded   3/4      1         1        loss=0.25 (exp-0)',
    ]);
  });

  it('lists trials by index, with short values', async () => {
    expect(linesOf(await data('get', 'trials', '--experiment', 'exp'))).toEqual([
      'NAME     STATUS      OBJECTIVE   TOOK   PARAMETERS',
      'exp-0    Succeeded   0.25        <1s    x=0.123457 units=7 opt=sgd, "fast"',
      'exp-1    Failed      -           <1s    x=0.5 units=8 opt=1',
      'exp-2    Succeeded   0.25        -      x=1e-7 units=9007199254740993 opt=1',
      'exp-10   Running     -           -      x=0.5 units=9 opt=1',
    ]);
  });

  it('prints one object, or a list of them, as they are stored', async () => {
    expect(JSON.parse(await data('get', 'experiment', 'exp', '-o', 'json'))).toMatchObject({
      kind: 'Experiment',
      metadata: { name: 'exp' },
    });
    const list = JSON.parse(await data('get', 'trials', '-o', 'json')) as { kind: string; items: object[] };
    expect([list.kind, list.items.length]).toEqual(['List', 4]);
    expect(await data('get', 'trial', 'exp-0', '-o', 'yaml')).toContain('kind: Trial\n');
    expect(await data('get', 'trials', '-o', 'name')).toBe(
      'trial/exp-0\ntrial/exp-1\ntrial/exp-2\ntrial/exp-10',
    );
  });

  it.each<[string[], string]>([
    [['trials', '--filter', 'status = Succeeded'], 'trial/exp-0 trial/exp-2'],
    [['trials', '-e', 'exp', '--filter', 'params.x > 0.2 AND NOT objective:*'], 'trial/exp-1 trial/exp-10'],
    [
      ['trials', '--sort', 'params.units desc', '--filter', 'params.units < 100'],
      'trial/exp-10 trial/exp-1 trial/exp-0',
    ],
    [['trials', '--sort', 'name desc'], 'trial/exp-10 trial/exp-2 trial/exp-1 trial/exp-0'],
    [['trial', '--filter', 'name:exp-1', '--limit', '9'], 'trial/exp-1 trial/exp-10'],
    [['experiments', '--filter', 'trials.failed > 0', '--sort', 'objective'], 'experiment/exp'],
    [['experiments', '--filter', 'trials.failed > 1'], ''],
  ])('%j wants %s', async (args, expected) => {
    expect(linesOf(await data('get', ...args, '-o', 'name')).join(' ')).toBe(expected);
  });

  it('says when the limit has left something out', async () => {
    const { code, stdout, stderr } = await fixture.katydid('get', 'trials', '--limit', '3', '-o', 'name');
    expect([code, linesOf(stdout).length, stderr]).toEqual([0, 3, 'The first 3 of 4: --limit shows more.']);
  });

  it.each<[string[], string]>([
    [
      ['trials', '--filter', 'statsu = Failed'],
      'error: filter, column 1: there is no field "statsu". [QUERY_FIELD_UNKNOWN]\n  Did you mean "status"?',
    ],
    [['trials', '-e', 'exp', '--sort', 'params.xx'], 'Did you mean "params.x"?'],
    [['experiments', '--filter', 'status ='], '[QUERY_SYNTAX]'],
    [['trials', '--limit', '0'], 'not a whole number of at least 1'],
    [['trial', 'exp-0', '--limit', '1'], '--filter, --sort and --limit are for lists'],
  ])('refuses %j', async (args, message) => {
    const { code, stdout, stderr } = await fixture.katydid('get', ...args);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(message);
  });

  it.each([
    [['get', 'experiment', 'expp'], 'Did you mean "exp"?'],
    [['get', 'trial', 'something-else'], 'There are: exp-0, exp-1, exp-2, exp-10.'],
    [['get', 'trials', '-e', 'nothing-like-it'], 'There are: exp.'],
    [['best', 'exp', '-n', 'other'], 'It is in namespace default.'],
    [['describe', 'unknown'], 'katydid get experiments'],
  ])('%j says what there is', async (args, remedy) => {
    const { code, stdout, stderr } = await fixture.katydid(...args);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toContain('[NOT_FOUND]');
    expect(stderr).toContain(remedy);
  });
});

describe('best', () => {
  it('prints exact parameters as text, CSV and JSON', async () => {
    expect(linesOf(await data('best', 'exp'))).toEqual([
      'loss = 0.25 (exp-0)',
      '  x = 0.123456789012',
      '  units = 7',
      '  opt = sgd, "fast"',
    ]);
    expect(linesOf(await data('best', 'exp', '-o', 'csv'))).toEqual([
      'trial,loss,x,units,opt',
      'exp-0,0.25,0.123456789012,7,"sgd, ""fast"""',
    ]);
    expect(JSON.parse(await data('best', 'exp', '-o', 'json'))).toMatchObject({
      experiment: 'exp',
      bestTrialName: 'exp-0',
      value: 0.25,
      parameterAssignments: [{ name: 'x', value: '0.123456789012' }, {}, {}],
    });
  });
});

describe('export', () => {
  it('has columns that follow from the experiment, and texts as they are in CSV', async () => {
    const [header, first, failed, nan] = linesOf(await data('export', 'exp'));
    expect(header).toBe(
      'trial,status,objective,parameter.x,parameter.units,parameter.opt,loss.min,loss.max,loss.latest,started,completed,reason',
    );
    expect(first).toMatch(/^exp-0,Succeeded,0\.25,0\.123456789012,7,"sgd, ""fast""",0\.25,1,0\.25,2026-/);
    expect(failed).toMatch(/^exp-1,Failed,,0\.5,8,1,,,,.*,TrialFailed$/);
    expect(nan).toMatch(/^exp-2,Succeeded,0\.25,1e-7,9007199254740993,1,0\.25,1,NaN,,,$/);
  });

  it('has numbers in JSON, and text where JSON has no number for it', async () => {
    const rows = JSON.parse(await data('export', 'exp', '-o', 'json')) as Record<string, unknown>[];
    expect(rows[0]).toMatchObject({
      trial: 'exp-0',
      'parameter.x': 0.123456789012,
      'parameter.units': 7,
      'parameter.opt': 'sgd, "fast"',
      'loss.latest': 0.25,
    });
    expect(rows[1]).toMatchObject({ objective: null, 'loss.min': null, 'parameter.opt': '1' });
    expect(rows[2]).toMatchObject({
      'parameter.x': 1e-7,
      'parameter.units': '9007199254740993',
      'loss.latest': 'NaN',
    });
    const ndjson = linesOf(await data('export', 'exp', '-o', 'ndjson')).map(
      (line) => JSON.parse(line) as unknown,
    );
    expect(ndjson).toEqual(rows);
  });

  it('has one row per reported value on request', async () => {
    const rows = linesOf(await data('export', 'exp', '--what', 'curves'));
    expect(rows).toEqual([
      'trial,metric,step,time,value,source',
      'exp-0,loss,0,1970-01-01T00:00:00.000Z,1,exp-0-0/main',
      'exp-0,loss,1,1970-01-01T00:00:01.000Z,0.5,exp-0-0/main',
      'exp-0,loss,2,1970-01-01T00:00:02.000Z,0.25,exp-0-0/main',
    ]);
    const [first] = JSON.parse(await data('export', 'exp', '--what', 'curves', '-o', 'json')) as unknown[];
    expect(first).toMatchObject({ step: 0, value: 1 });
  });

  it('stops when nobody reads any more', async () => {
    const { stdout } = await command(['export', 'exp', '--data-dir', fixture.dataDir], 2);
    expect(linesOf(stdout)).toHaveLength(2);
  });
});

describe('describe', () => {
  it('shows why a trial failed, over several lines, and where its output is', async () => {
    const lines = linesOf(await data('describe', 'exp-1'));
    expect(lines.slice(0, 8)).toEqual([
      'Trial        exp-1 (namespace default)',
      'Experiment   exp',
      'Status       Failed: TRIAL_MODULE_MISSING',
      'Why          Container main of pod exp-0-0 needs the module "nothere", which is not installed.',
      '             Install the module in the image, or in the environment whose interpreter the command calls.',
      '             Last output:',
      '               | starting',
      "               | ModuleNotFoundError: No module named 'nothere'",
    ]);
    expect(lines[8]).toContain(`katydid logs exp-1 --data-dir ${fixture.dataDir}`);
    expect(lines).toContain('1970-01-01T00:00:00.000Z   Warning   JobFailed   Job exp-1 has failed.');
  });

  it('shows parameters, metrics, curve and warnings of a trial', async () => {
    const text = await data('describe', 'exp-0');
    expect(text).toContain('Parameters   x = 0.123456789012\n             units = 7\n');
    expect(text).toContain('METRIC   MIN    MAX   LATEST\nloss     0.25   1     0.25');
    expect(text).toContain('loss    2      1970-01-01T00:00:02.000Z   0.25');
    expect(text).toContain('LOCAL_PATH_UNMAPPED   Path /x does not exist.');
  });

  it('shows an experiment with its trials, failures and warnings', async () => {
    const text = await data('describe', 'exp');
    expect(text).toContain('Status       Succeeded: all trials are done');
    expect(text).toContain('Best         0.25 (exp-0)\n               x = 0.123456789012');
    expect(text).toMatch(/TRIAL_MODULE_MISSING +1 +exp-1 +Container main/);
    expect(text).toContain('LOCAL_PATH_UNMAPPED   Path /x does not exist.');
    expect(text).toContain('exp-10   Running     -           -');
  });

  it('takes an experiment first where a trial has its name, and says so', async () => {
    await fixture.world.client.create(EXPERIMENTS, experimentObject('exp-10'));
    const text = await data('describe', 'exp-10');
    expect(text).toContain('Experiment   exp-10 (namespace default)');
    expect(text).toContain('describe trial/exp-10');
    expect(await data('describe', 'trial/exp-10')).toContain('Trial        exp-10 (');
    expect(await data('describe', 'experiment/exp')).toContain('Experiment   exp (');
  });
});

describe('logs', () => {
  const keep = async (pod: string, text: string): Promise<void> => {
    const { uid: trialUid } = (
      await fixture.world.client.get(TRIALS, { namespace: 'default', name: 'exp-1' })
    ).metadata;
    const end = { restartCount: 0, exitCode: 1, reason: 'Error', timeMs: 0 };
    await fixture.world.observations.saveLogTail({ trialUid, pod, container: 'main', text, ...end });
  };

  it('prints the kept end of an output whose file is gone', async () => {
    await keep('exp-1-worker-0', 'one\ntwo\n');
    expect(await data('logs', 'exp-1')).toBe('one\ntwo');
  });

  it('says where each line is from when there is more than one process', async () => {
    await keep('exp-1-worker-1', 'three\n');
    expect(linesOf(await data('logs', 'exp-1'))).toEqual([
      '[exp-1-worker-0/main] one',
      '[exp-1-worker-0/main] two',
      '[exp-1-worker-1/main] three',
    ]);
    expect(await data('logs', 'exp-1', '--pod', 'exp-1-worker-1')).toBe('three');
  });

  it.each([
    [['logs', 'exp-2'], 'katydid describe exp-2'],
    [['logs', 'exp-1', '--pod', 'nothing'], 'katydid logs exp-1'],
  ])('%j names what to look at instead', async (args, remedy) => {
    const { code, stderr } = await fixture.katydid(...args);
    expect(code).toBe(1);
    expect(stderr).toContain('[NO_LOGS]');
    expect(stderr).toContain(remedy);
  });
});

describe('names in several namespaces', () => {
  it('are asked back for, and listed with their namespace', async () => {
    const object = experimentObject('exp');
    await fixture.world.client.create(EXPERIMENTS, {
      ...object,
      metadata: { name: 'exp', namespace: 'other' },
    });
    const { code, stderr } = await fixture.katydid('best', 'exp');
    expect(code).toBe(1);
    expect(stderr).toContain('[AMBIGUOUS_NAME]');
    expect(stderr).toContain('default, other with --namespace');
    expect(await data('best', 'exp', '-n', 'default')).toContain('exp-0');
    const none = await fixture.katydid('best', 'exp', '-n', 'other');
    expect(none.stderr).toContain('[NO_RESULT_YET]');
  });
});

it.each(['get', 'describe x', 'best x', 'logs x', 'export x'])(
  '%s says so where nothing has run yet',
  async (line) => {
    const { code, stderr } = await command([
      ...line.split(' '),
      '--data-dir',
      join(fixture.dataDir, 'nothing'),
    ]);
    expect(code).toBe(1);
    expect(stderr).toContain('[NO_DATA]');
  },
);
