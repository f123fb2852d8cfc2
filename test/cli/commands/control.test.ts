import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EXPERIMENTS } from '../../../kube/resource.ts';
import { resultsFixture, type ResultsFixture } from '../results-fixture.ts';

const NOBODY = 'No katydid works here now: it is carried out when the next one starts (run or serve).';

let fixture: ResultsFixture;
beforeEach(async () => {
  fixture = await resultsFixture();
});
afterEach(() => fixture.remove());

async function desiredState(): Promise<string | undefined> {
  const ref = { namespace: 'default', name: 'exp' };
  return (await fixture.world.client.get(EXPERIMENTS, ref)).spec.desiredState;
}

describe('commands that change an experiment, where no service works', () => {
  it('say of one that has ended that there is nothing to stop', async () => {
    const { code, stdout } = await fixture.katydid('stop', 'exp');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^experiment\/exp: nothing to stop\n {2}It has ended: /);
    expect(await desiredState()).toBeUndefined();
  });

  it('refuse what cannot be, with what can be done instead', async () => {
    const { code, stderr } = await fixture.katydid('pause', 'exp');
    expect(code).toBe(1);
    expect(stderr).toContain('EXPERIMENT_HAS_ENDED');
    expect(stderr).toContain('Nothing is left to pause.');
  });

  it('stop a single trial', async () => {
    const { stdout } = await fixture.katydid('stop', 'trial/exp-10', '-o', 'json');
    expect(JSON.parse(stdout)).toMatchObject({
      object: 'trial/exp-10',
      changed: true,
      left: [expect.anything(), NOBODY],
    });
    expect((await fixture.katydid('get', 'trial', 'exp-10')).stdout).toContain('Killed');
  });

  it('delete, and ask nobody where there is no terminal', async () => {
    expect((await fixture.katydid('delete', 'exp')).stdout).toContain('experiment/exp deleted');
    expect((await fixture.katydid('get', 'experiments')).stdout).not.toContain('exp');
  });

  it.each([
    [['extend', 'exp', '--max-trials', 'x'], '"x" is neither a whole number'],
    [['extend', 'exp'], 'EXTENSION_EMPTY'],
    [['pause', 'expp'], 'Did you mean "exp"?'],
    [['stop', 'trial/none'], 'There is no Trial "none"'],
  ])('%j is refused', async (args, message) => {
    const { code, stderr } = await fixture.katydid(...args);
    expect(code).not.toBe(0);
    expect(stderr).toContain(message);
  });
});
