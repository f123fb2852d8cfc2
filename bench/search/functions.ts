import type { Parameter } from '../../core/search-space.ts';

/** A public test function of global optimisation, or a stand-in for a training, to be minimised. */
export interface TestFunction {
  readonly name: string;
  readonly parameters: readonly Parameter[];
  /** The least value there is, or the least ever seen where nobody knows. */
  readonly optimum: number;
  /** The standard deviation of what is added to each measurement; scores use the value without it. */
  readonly noise: number;
  /** At a point as algorithms give it: categories are the numbers of their choices. */
  readonly value: (point: Float64Array) => number;
}

const { PI, abs, cos, exp, log10, log2, sin, sqrt } = Math;

function double(name: string, min: number, max: number, isLog = false): Parameter {
  return {
    kind: 'double',
    name,
    min,
    max,
    step: null,
    decimals: 0,
    distribution: isLog ? 'logUniform' : 'uniform',
  };
}

function int(name: string, min: number, max: number, isLog = false): Parameter {
  return { kind: 'int', name, min, max, step: 1, distribution: isLog ? 'logUniform' : 'uniform' };
}

function categorical(name: string, ...choices: string[]): Parameter {
  return { kind: 'categorical', name, choices };
}

function box(dimensions: number, min: number, max: number): Parameter[] {
  return Array.from({ length: dimensions }, (_, axis) => double(`x${axis}`, min, max));
}

function sum(values: ArrayLike<number>, term: (value: number, index: number) => number): number {
  let total = 0;
  for (let index = 0; index < values.length; index++) total += term(values[index] ?? 0, index);
  return total;
}

/** The optimum lies at `shift`, never in the middle of the box, where some algorithms begin. */
function shifted(of: (z: Float64Array) => number, shift: readonly number[]): (point: Float64Array) => number {
  return (point) => of(point.map((x, axis) => x - (shift[axis] ?? 0)));
}

function branin(point: Float64Array): number {
  const [x = 0, y = 0] = point;
  return (y - (5.1 / (4 * PI ** 2)) * x * x + (5 / PI) * x - 6) ** 2 + 10 * (1 - 1 / (8 * PI)) * cos(x) + 10;
}

const HARTMANN_WEIGHTS = [1, 1.2, 3, 3.2];

/** Four bells in the unit cube: their steepness, and 10,000 times their centres. */
function hartmann(steepness: number[][], centres: number[][]): (point: Float64Array) => number {
  return (point) =>
    -sum(HARTMANN_WEIGHTS, (weight, bell) => {
      const distance = sum(point, (x, axis) => {
        const centre = (centres[bell]?.[axis] ?? 0) / 10_000;
        return (steepness[bell]?.[axis] ?? 0) * (x - centre) ** 2;
      });
      return weight * exp(-distance);
    });
}

const hartmann3 = hartmann(
  [
    [3, 10, 30],
    [0.1, 10, 35],
    [3, 10, 30],
    [0.1, 10, 35],
  ],
  [
    [3689, 1170, 2673],
    [4699, 4387, 7470],
    [1091, 8732, 5547],
    [381, 5743, 8828],
  ],
);

const hartmann6 = hartmann(
  [
    [10, 3, 17, 3.5, 1.7, 8],
    [0.05, 10, 17, 0.1, 8, 14],
    [3, 3.5, 1.7, 10, 17, 8],
    [17, 8, 0.05, 10, 0.1, 14],
  ],
  [
    [1312, 1696, 5569, 124, 8283, 5886],
    [2329, 4135, 8307, 3736, 1004, 9991],
    [2348, 1451, 3522, 2883, 3047, 6650],
    [4047, 8828, 8732, 5743, 1091, 381],
  ],
);

function ackley(z: ArrayLike<number>): number {
  const spread = sqrt(sum(z, (x) => x * x) / z.length);
  const waves = sum(z, (x) => cos(2 * PI * x)) / z.length;
  return -20 * exp(-0.2 * spread) - exp(waves) + 20 + Math.E;
}

function rastrigin(z: Float64Array): number {
  return 10 * z.length + sum(z, (x) => x * x - 10 * cos(2 * PI * x));
}

function rosenbrock(z: Float64Array): number {
  return sum(z.subarray(1), (next, axis) => {
    const x = z[axis] ?? 0;
    return 100 * (next - x * x) ** 2 + (1 - x) ** 2;
  });
}

function levy(z: Float64Array): number {
  const w = z.map((x) => 1 + (x - 1) / 4);
  const last = w.at(-1) ?? 0;
  return (
    sin(PI * (w[0] ?? 0)) ** 2 +
    sum(w.subarray(0, -1), (x) => (x - 1) ** 2 * (1 + 10 * sin(PI * x + 1) ** 2)) +
    (last - 1) ** 2 * (1 + sin(2 * PI * last) ** 2)
  );
}

function griewank(z: Float64Array): number {
  const waves = z.reduce((product, x, axis) => product * cos(x / sqrt(axis + 1)), 1);
  return sum(z, (x) => x * x) / 4000 - waves + 1;
}

function styblinski(z: Float64Array): number {
  return 0.5 * sum(z, (x) => x ** 4 - 16 * x * x + 5 * x);
}

/** Learning rate, weight decay, momentum and batch size of a training. */
function trainingOfFour(point: Float64Array): number {
  const [rate = 1, decay = 1, momentum = 0, batch = 1] = point;
  const u = log10(rate) + 2.5 + 0.25 * (log2(batch) - 6);
  const v = log10(decay) + 4.2;
  const w = (momentum - 0.87) / 0.15;
  const bowl = 0.9 * u * u + 0.15 * v * v + 0.35 * w * w + 0.2 * u * w;
  return 0.05 + 0.9 * (1 - exp(-bowl)) + 0.02 * abs(sin(3 * log10(rate)));
}

const OPTIMIZERS = ['sgd', 'adam', 'rmsprop', 'adagrad'];
const OPTIMIZER_LOSS = [0.35, 0, 0.12, 0.5];
const OPTIMIZER_RATE = [-1, -3, -3.4, -1.8];
const ACTIVATIONS = ['relu', 'tanh', 'gelu', 'sigmoid'];
const ACTIVATION_LOSS = [0, 0.15, -0.05, 0.6];

/** A network whose best learning rate depends on its optimizer, and its best depth on its activation. */
function mixedTraining(point: Float64Array): number {
  const [rate = 1, optimizer = 0, layers = 1, units = 1, activation = 0, dropout = 0] = point;
  const a = log10(rate) - (OPTIMIZER_RATE[optimizer] ?? 0);
  const isGelu = ACTIVATIONS[activation] === 'gelu';
  return (
    1 +
    (OPTIMIZER_LOSS[optimizer] ?? 0) +
    0.25 * a * a +
    0.08 * (layers - 4 - Number(isGelu)) ** 2 +
    0.06 * (log2(units) - 7) ** 2 +
    (ACTIVATION_LOSS[activation] ?? 0) * (1 + 0.1 * layers) +
    2 * (dropout - 0.22) ** 2
  );
}

const ACKLEY_CATEGORIES = [
  [3, 0, 4, 1, 2],
  [2, 4, 1, 0, 3],
];

function mixedAckley(point: Float64Array): number {
  const [x0 = 0, x1 = 0, i0 = 0, i1 = 0, i2 = 0, c0 = 0, c1 = 0] = point;
  const [first = 0, second = 0] = [ACKLEY_CATEGORIES[0]?.[c0], ACKLEY_CATEGORIES[1]?.[c1]];
  return ackley([x0 - 0.7, x1 + 1.3, i0 - 3, i1 + 2, i2 - 1, first, second]);
}

const MODELS = ['svm', 'gbt', 'knn'];

/** Of the parameters only those of the model that is chosen matter. */
function conditionalModels(point: Float64Array): number {
  const [model = 0, c = 1, gamma = 1, eta = 1, depth = 1, sub = 1, k = 1] = point;
  switch (MODELS[model]) {
    case 'svm':
      return 0.1 + 0.03 * (log10(c) - 1.2) ** 2 + 0.02 * (log10(gamma) + 2.3) ** 2;
    case 'gbt':
      return 0.06 + 0.04 * (log10(eta) + 1.1) ** 2 + 0.004 * (depth - 6) ** 2 + 0.05 * abs(sub - 0.8);
    default:
      return 0.13 + 0.001 * (k - 9) ** 2;
  }
}

const SHIFTS = {
  ackley5: [
    -8.889137516762641, -10.777755915042553, -13.9433053909283, -3.1873411581913764, -21.87726117965407,
  ],
  ackley10: [
    -1.3956229690503654, 2.0921399193192487, 1.6196162783711987, 3.5786044315539565, -0.8277855071585056,
    1.6380834900916827, -1.3420685822974423, 4.144490339563752, 5.720689345275316, -1.2995094277862265,
  ],
  rastrigin5: [
    0.7010719607089109, -0.4592266014519586, -3.4630758837850237, 0.6930557017553114, 2.8312030283647274,
  ],
  griewank8: [
    -387.28062367162715, 299.4565224741217, 207.06025868393021, 305.699430325721, 50.386900754263536,
    -352.39421821447814, -225.4255092650137, -216.49822310409158,
  ],
};

const BRANIN = {
  parameters: [double('x0', -5, 10), double('x1', 0, 15)],
  optimum: 0.39788735772973816,
  value: branin,
};
const HARTMANN6 = { parameters: box(6, 0, 1), optimum: -3.32236801141551, value: hartmann6 };

/** Sixteen functions: smooth and multimodal ones, mixed spaces, noise, a conditional space. */
export const TEST_FUNCTIONS: readonly TestFunction[] = [
  { name: 'branin2', noise: 0, ...BRANIN },
  { name: 'hartmann3', noise: 0, parameters: box(3, 0, 1), optimum: -3.86278214782076, value: hartmann3 },
  { name: 'hartmann6', noise: 0, ...HARTMANN6 },
  {
    name: 'ackley5',
    noise: 0,
    parameters: box(5, -32.768, 32.768),
    optimum: 0,
    value: shifted(ackley, SHIFTS.ackley5),
  },
  {
    name: 'ackley10',
    noise: 0,
    parameters: box(10, -5, 10),
    optimum: 0,
    value: shifted(ackley, SHIFTS.ackley10),
  },
  {
    name: 'rastrigin5',
    noise: 0,
    parameters: box(5, -5.12, 5.12),
    optimum: 0,
    value: shifted(rastrigin, SHIFTS.rastrigin5),
  },
  { name: 'rosenbrock5', noise: 0, parameters: box(5, -5, 10), optimum: 0, value: rosenbrock },
  { name: 'levy10', noise: 0, parameters: box(10, -10, 10), optimum: 0, value: levy },
  {
    name: 'griewank8',
    noise: 0,
    parameters: box(8, -600, 600),
    optimum: 0,
    value: shifted(griewank, SHIFTS.griewank8),
  },
  {
    name: 'styblinski5',
    noise: 0,
    parameters: box(5, -5, 5),
    optimum: -39.16616570377142 * 5,
    value: styblinski,
  },
  {
    name: 'logml4',
    noise: 0,
    parameters: [
      double('lr', 1e-6, 1, true),
      double('wd', 1e-8, 0.1, true),
      double('mom', 0, 0.999),
      int('batch', 8, 1024, true),
    ],
    optimum: 0.05,
    value: trainingOfFour,
  },
  {
    name: 'mixed6',
    noise: 0,
    parameters: [
      double('lr', 1e-6, 1, true),
      categorical('opt', ...OPTIMIZERS),
      int('layers', 1, 12),
      int('units', 16, 1024, true),
      categorical('act', ...ACTIVATIONS),
      double('drop', 0, 0.7),
    ],
    optimum: 0.925,
    value: mixedTraining,
  },
  {
    name: 'ackleymix7',
    noise: 0,
    parameters: [
      ...box(2, -5, 5),
      ...[0, 1, 2].map((number) => int(`i${number}`, -8, 8)),
      ...[0, 1].map((number) => categorical(`c${number}`, '0', '1', '2', '3', '4')),
    ],
    optimum: 0,
    value: mixedAckley,
  },
  { name: 'noisyhart6', noise: 0.3, ...HARTMANN6 },
  { name: 'noisybranin', noise: 5, ...BRANIN },
  {
    name: 'cond6',
    noise: 0,
    parameters: [
      categorical('model', ...MODELS),
      double('C', 1e-3, 1e4, true),
      double('gamma', 1e-6, 10, true),
      double('eta', 1e-4, 1, true),
      int('depth', 1, 15),
      double('sub', 0.3, 1),
      int('k', 1, 60),
    ],
    optimum: 0.06,
    value: conditionalModels,
  },
];
