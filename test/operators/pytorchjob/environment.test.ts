import { describe, expect, test } from 'vitest';
import { replicaEnvironment } from '../../../operators/pytorchjob/environment.ts';
import type { ReplicaType } from '../../../operators/pytorchjob/types.ts';
import { MASTER, type ReplicaManifests, specOf, storedJob } from './fixtures.ts';

/** `NAME=value` lines. */
function environmentOf(
  replicas: ReplicaManifests,
  [type, index]: [ReplicaType, number],
  spec: Record<string, unknown> = {},
): string[] {
  const environment = replicaEnvironment('job', specOf(storedJob(replicas, { spec })), type, index);
  return environment.map(({ name, value }) => `${name}=${value ?? ''}`);
}

function masterLines(worldSize: number, rank: number, port = 23456): string[] {
  return [
    `MASTER_PORT=${port}`,
    `PET_MASTER_PORT=${port}`,
    'MASTER_ADDR=job-master-0',
    'PET_MASTER_ADDR=job-master-0',
    `WORLD_SIZE=${worldSize}`,
    `RANK=${rank}`,
    `PET_NODE_RANK=${rank}`,
  ];
}

const MASTER_AND_TWO = { ...MASTER, Worker: { replicas: 2 } };

describe('the variables of a job with a master', () => {
  test.each<[ReplicaType, number, number]>([
    ['Master', 0, 0],
    ['Worker', 0, 1],
    ['Worker', 1, 2],
  ])('stand in their order; %s %i has rank %i', (type, index, rank) => {
    expect(environmentOf(MASTER_AND_TWO, [type, index])).toEqual([
      'PYTHONUNBUFFERED=1',
      ...masterLines(3, rank),
      'PET_NPROC_PER_NODE=auto',
      'PET_NNODES=3',
    ]);
  });

  test('are there for a master alone', () => {
    expect(environmentOf(MASTER, ['Master', 0])).toEqual([
      'PYTHONUNBUFFERED=1',
      ...masterLines(1, 0),
      'PET_NPROC_PER_NODE=auto',
      'PET_NNODES=1',
    ]);
  });

  test('name the port of the name pytorchjob-port', () => {
    const ports = [
      { name: 'http', containerPort: 80 },
      { name: 'pytorchjob-port', containerPort: 3333 },
    ];
    const template = { spec: { containers: [{ name: 'pytorch', image: 'i', ports }] } };
    const replicas = { Master: { replicas: 1, template }, Worker: {} };
    expect(environmentOf(replicas, ['Worker', 0])).toEqual(expect.arrayContaining(masterLines(2, 1, 3333)));
  });

  test.each([
    ['auto', 3],
    ['gpu', 3],
    ['cpu', 3],
    ['4', 12],
  ])('with %s processes per node have a world of %i', (nprocPerNode, worldSize) => {
    const lines = environmentOf(MASTER_AND_TWO, ['Worker', 0], { nprocPerNode });
    expect(lines).toContain(`WORLD_SIZE=${worldSize}`);
    expect(lines).toContain(`PET_NPROC_PER_NODE=${nprocPerNode}`);
  });
});

test('workers without a master get no address and no rank', () => {
  expect(environmentOf({ Worker: { replicas: 2 } }, ['Worker', 1])).toEqual([
    'PYTHONUNBUFFERED=1',
    'PET_NPROC_PER_NODE=auto',
    'PET_NNODES=2',
  ]);
});

describe('the variables of an elastic job', () => {
  const workers = { Worker: { replicas: 2 } };

  test.each<[string, Record<string, unknown>, string[]]>([
    [
      'by default meet at the first worker',
      {},
      ['PET_RDZV_ENDPOINT=job-worker-0:23456', 'PET_RDZV_BACKEND=c10d', 'PET_NNODES=2:2'],
    ],
    [
      'take every field over, in their order',
      {
        ...{ minReplicas: 1, maxReplicas: 3, rdzvBackend: 'etcd', rdzvHost: 'localhost', rdzvPort: 1234 },
        ...{ rdzvId: 'id', maxRestarts: 3, standalone: true },
        rdzvConf: [
          { key: 'timeout', value: '60' },
          { key: 'is_host', value: 'true' },
        ],
      },
      [
        'PET_RDZV_ENDPOINT=localhost:1234',
        'PET_RDZV_BACKEND=etcd',
        'PET_NNODES=1:3',
        'PET_MAX_RESTARTS=3',
        'PET_RDZV_ID=id',
        'PET_RDZV_CONF=timeout=60,is_host=true',
        'PET_STANDALONE=',
      ],
    ],
    [
      'with a maximum alone have no other size',
      { maxReplicas: 4 },
      ['PET_RDZV_ENDPOINT=job-worker-0:23456', 'PET_RDZV_BACKEND=c10d', 'PET_NNODES=4:4'],
    ],
    [
      'with a minimum alone have no other size',
      { minReplicas: 1, standalone: false },
      ['PET_RDZV_ENDPOINT=job-worker-0:23456', 'PET_RDZV_BACKEND=c10d', 'PET_NNODES=1:1'],
    ],
  ])('%s', (_name, elasticPolicy, expected) => {
    expect(environmentOf(workers, ['Worker', 0], { elasticPolicy })).toEqual([
      'PYTHONUNBUFFERED=1',
      'PET_NPROC_PER_NODE=auto',
      ...expected,
    ]);
  });

  test('take the number of processes from its old place', () => {
    const lines = environmentOf(workers, ['Worker', 0], { elasticPolicy: { nProcPerNode: 2 } });
    expect(lines).toContain('PET_NPROC_PER_NODE=2');
  });

  test('have a master beside the rendezvous where there is one', () => {
    const lines = environmentOf({ ...MASTER, ...workers }, ['Worker', 0], { elasticPolicy: {} });
    expect(lines).toEqual(expect.arrayContaining([...masterLines(3, 1), 'PET_NNODES=2:2']));
  });
});
