export const OPTIMIZERS = ['sgd', 'momentum', 'adam'] as const;
export type OptimizerName = (typeof OPTIMIZERS)[number];

/** Changes `parameters` in place, one step down along `gradient`. Both always have the length it was made for. */
export type Optimizer = (parameters: Float32Array, gradient: Float32Array) => void;

/** An optimiser with its memory, for `size` parameters. */
export function createOptimizer(name: OptimizerName, learningRate: number, size: number): Optimizer {
  switch (name) {
    case 'sgd':
      return sgd(learningRate);
    case 'momentum':
      return momentum(learningRate, size);
    case 'adam':
      return adam(learningRate, size);
  }
}

function sgd(learningRate: number): Optimizer {
  return (parameters, gradient) => {
    gradient.forEach((slope, index) => subtract(parameters, index, learningRate * slope));
  };
}

/** Polyak (1964). */
function momentum(learningRate: number, size: number): Optimizer {
  const decay = 0.9;
  const velocity = new Float32Array(size);
  return (parameters, gradient) => {
    gradient.forEach((slope, index) => {
      const speed = decay * at(velocity, index) + slope;
      velocity[index] = speed;
      subtract(parameters, index, learningRate * speed);
    });
  };
}

/** Kingma and Ba (2015), algorithm 1, with the constants they recommend. */
function adam(learningRate: number, size: number): Optimizer {
  const [decay1, decay2, epsilon] = [0.9, 0.999, 1e-8];
  const mean = new Float32Array(size);
  const square = new Float32Array(size);
  let step = 0;
  return (parameters, gradient) => {
    step += 1;
    const rate = (learningRate * Math.sqrt(1 - decay2 ** step)) / (1 - decay1 ** step);
    gradient.forEach((slope, index) => {
      const newMean = decay1 * at(mean, index) + (1 - decay1) * slope;
      const newSquare = decay2 * at(square, index) + (1 - decay2) * slope * slope;
      mean[index] = newMean;
      square[index] = newSquare;
      subtract(parameters, index, (rate * newMean) / (Math.sqrt(newSquare) + epsilon));
    });
  };
}

function at(vector: Float32Array, index: number): number {
  return vector[index] ?? NaN;
}

function subtract(vector: Float32Array, index: number, amount: number): void {
  vector[index] = at(vector, index) - amount;
}
