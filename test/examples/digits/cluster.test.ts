import { describe, expect, it } from 'vitest';
import { ownAddress, parseCluster } from '../../../examples/digits/network/cluster.ts';
import { TrainingError } from '../../../examples/digits/training-error.ts';

const cluster = { chief: ['c:1'], ps: ['p:2'], worker: ['w.default.svc:3', 'v:4'] };

function tfConfig(change: object): string {
  return JSON.stringify({ cluster, task: { type: 'worker', index: 1 }, environment: 'cloud', ...change });
}

describe('parseCluster', () => {
  it('finds one replica where TF_CONFIG is not set', () => {
    expect(parseCluster(undefined)).toBeNull();
  });

  it('finds one replica where TF_CONFIG lists one', () => {
    const task = { type: 'worker', index: 0 };
    expect(parseCluster(tfConfig({ cluster: { worker: ['w:3'] }, task }))).toBeNull();
  });

  it('reads roles and addresses', () => {
    const parsed = parseCluster(tfConfig({}));
    expect(parsed).toEqual({
      role: 'worker',
      index: 1,
      chief: { host: 'c', port: 1 },
      parameterServers: [{ host: 'p', port: 2 }],
      workers: [
        { host: 'w.default.svc', port: 3 },
        { host: 'v', port: 4 },
      ],
    });
    expect(parsed && ownAddress(parsed)).toEqual({ host: 'v', port: 4 });
  });

  it('takes a master for a chief', () => {
    const { chief, ...others } = cluster;
    const parsed = parseCluster(
      tfConfig({ cluster: { ...others, master: chief }, task: { type: 'master', index: 0 } }),
    );
    expect(parsed).toMatchObject({ role: 'chief', chief: { host: 'c', port: 1 } });
  });

  it.each([
    ['no JSON', '{', 'must be a JSON object'],
    ['no task', JSON.stringify({ cluster }), 'must be a JSON object'],
    ['no chief', tfConfig({ cluster: { ...cluster, chief: [] } }), 'lists no chief'],
    ['no worker', tfConfig({ cluster: { ...cluster, worker: undefined } }), 'lists no worker'],
    ['no parameter server', tfConfig({ cluster: { ...cluster, ps: undefined } }), 'lists no ps'],
    ['an address without a port', tfConfig({ cluster: { ...cluster, ps: ['p'] } }), '"p" is not host:port'],
    ['addresses that are no list', tfConfig({ cluster: { ...cluster, ps: { 1: 'p:2' } } }), 'must be a list'],
    ['an evaluator', tfConfig({ task: { type: 'evaluator', index: 0 } }), 'no use for a "evaluator"'],
    [
      'an index in quotes',
      tfConfig({ task: { type: 'worker', index: '1' } }),
      'must be a whole number, not "1"',
    ],
  ])('refuses %s', (_, text, complaint) => {
    expect(() => parseCluster(text)).toThrow(TrainingError);
    expect(() => parseCluster(text)).toThrow(complaint);
  });

  it('refuses an index that has no address', () => {
    const parsed = parseCluster(tfConfig({ task: { type: 'worker', index: 2 } }));
    expect(() => parsed && ownAddress(parsed)).toThrow('this is worker 2, but lists no such address');
  });
});
