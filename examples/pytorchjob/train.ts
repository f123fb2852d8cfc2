/*
 * Stands in for a script that torchrun starts: data-parallel training of a line through noisy points. Each process has
 * points of its own; the gradients of all are averaged, as DistributedDataParallel does it. Rank 0 reports the loss.
 */
import { parseArgs } from 'node:util';
import { joinProcessGroup, type Membership } from './all-reduce.ts';

const POINTS_PER_PROCESS = 64;

interface Point {
  readonly x: number;
  readonly y: number;
}

const { values: flags } = parseArgs({
  options: {
    epochs: { type: 'string', default: '10' },
    lr: { type: 'string', default: '0.01' },
    momentum: { type: 'string', default: '0.5' },
  },
});

/** What the operator says about this process; alone where it says nothing. */
function membership(environment: NodeJS.ProcessEnv): Membership {
  return {
    rank: Number(environment['RANK'] ?? 0),
    worldSize: Number(environment['WORLD_SIZE'] ?? 1),
    masterHost: environment['MASTER_ADDR'] ?? '127.0.0.1',
    masterPort: Number(environment['MASTER_PORT'] ?? 23456),
  };
}

/** Points near y = 3x - 2; every rank has others, and a repeated training has the same. */
function pointsOf(rank: number, worldSize: number): Point[] {
  return Array.from({ length: POINTS_PER_PROCESS }, (_, index) => {
    const place = index * worldSize + rank;
    const x = (2 * place) / (POINTS_PER_PROCESS * worldSize) - 1;
    return { x, y: 3 * x - 2 + 0.02 * Math.sin(57 * place) };
  });
}

/** Mean squared error of the line, and its derivatives by slope and intercept. */
function lossAndGradient(points: readonly Point[], slope: number, intercept: number): number[] {
  const sums = [0, 0, 0];
  for (const { x, y } of points) {
    const error = slope * x + intercept - y;
    [error ** 2, 2 * error * x, 2 * error].forEach(
      (term, place) => (sums[place] = (sums[place] ?? 0) + term),
    );
  }
  return sums.map((sum) => sum / points.length);
}

async function train(epochs: number, lr: number, momentum: number): Promise<void> {
  const { rank, worldSize, ...master } = membership(process.env);
  const group = await joinProcessGroup({ rank, worldSize, ...master });
  console.log(`rank ${rank} of ${worldSize} trains`);
  const points = pointsOf(rank, worldSize);
  const line = { slope: 0, intercept: 0 };
  const velocity = { slope: 0, intercept: 0 };
  for (let epoch = 1; epoch <= epochs; epoch++) {
    const local = lossAndGradient(points, line.slope, line.intercept);
    const [loss = 0, bySlope = 0, byIntercept = 0] = await group.average(local);
    velocity.slope = momentum * velocity.slope + bySlope;
    velocity.intercept = momentum * velocity.intercept + byIntercept;
    line.slope -= lr * velocity.slope;
    line.intercept -= lr * velocity.intercept;
    if (rank === 0) console.log(`epoch=${epoch} loss=${loss.toFixed(6)}`);
  }
  group.leave();
}

await train(Number(flags.epochs), Number(flags.lr), Number(flags.momentum));
