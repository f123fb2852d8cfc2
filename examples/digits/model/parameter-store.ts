import type { Optimizer } from './optimizer.ts';

/** Where the parameters are, as a worker sees it: in its own process, or on parameter servers. */
export interface ParameterStore {
  /** A copy of the parameters as they are now. */
  pull(): Promise<Float32Array>;
  /** Lets the optimiser make one step along a gradient. */
  push(gradient: Float32Array): Promise<void>;
}

/** Keeps the parameters in this process. `parameters` belongs to the store from now on. */
export function localParameterStore(parameters: Float32Array, optimizer: Optimizer): ParameterStore {
  return {
    pull: () => Promise.resolve(parameters.slice()),
    push: (gradient) => {
      optimizer(parameters, gradient);
      return Promise.resolve();
    },
  };
}
