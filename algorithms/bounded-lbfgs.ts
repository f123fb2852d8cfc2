/** A function to be minimised: writes its gradient and returns its value. Infinity where it has none. */
export type Differentiable = (x: Float64Array, gradient: Float64Array) => number;

export interface Bounds {
  lower: Float64Array;
  upper: Float64Array;
}

export interface LbfgsOptions {
  maxIterations: number;
  /** Ends where no component of the projected gradient is greater. */
  gradientTolerance: number;
}

const MEMORY = 10;
const MAX_STEPS = 20;
const SUFFICIENT = 1e-4;
/** Ends where a step gains less than this, relative to the value. */
const LEAST_GAIN = 1e-9;

/**
 * Minimises inside a box, from `x`, which becomes the minimum; returns the value there. Limited-memory BFGS directions over
 * the components that are not held by a bound, with backtracking along the projected path.
 *
 * J. Nocedal, "Updating quasi-Newton matrices with limited storage" (1980), algorithm 7.4 of Nocedal and Wright (2006); the
 * projection is D. Bertsekas', "Projected Newton methods" (1982).
 */
export function minimizeInBox(
  f: Differentiable,
  x: Float64Array,
  { lower, upper }: Bounds,
  { maxIterations, gradientTolerance }: LbfgsOptions,
): number {
  const n = x.length;
  let gradient: Float64Array = new Float64Array(n);
  let value = f(x, gradient);
  const memory: Correction[] = [];
  for (let iteration = 0; iteration < maxIterations; iteration++) {
    const held = heldByBounds(x, gradient, lower, upper);
    if (largestFree(gradient, held) <= gradientTolerance) break;
    let direction = descent(gradient, held, memory);
    if (!(dot(direction, gradient) < 0)) {
      memory.length = 0;
      direction = descent(gradient, held, memory);
    }
    const step = lineSearch(f, x, value, gradient, direction, { lower, upper }, memory.length === 0);
    if (step === null) break;
    remember(memory, x, gradient, step.x, step.gradient);
    const gain = value - step.value;
    x.set(step.x);
    gradient = step.gradient;
    value = step.value;
    if (gain <= LEAST_GAIN * Math.max(1, Math.abs(value))) break;
  }
  return value;
}

/** A step that was made, and how the gradient changed over it. */
interface Correction {
  s: Float64Array;
  y: Float64Array;
  rho: number;
}

interface Step {
  x: Float64Array;
  gradient: Float64Array;
  value: number;
}

/** Components at a bound that the gradient pushes against. */
function heldByBounds(
  x: Float64Array,
  gradient: Float64Array,
  lower: Float64Array,
  upper: Float64Array,
): Uint8Array {
  return Uint8Array.from(x, (at, index) => {
    const slope = gradient[index] ?? 0;
    return Number((at <= (lower[index] ?? 0) && slope > 0) || (at >= (upper[index] ?? 0) && slope < 0));
  });
}

function largestFree(gradient: Float64Array, held: Uint8Array): number {
  return gradient.reduce((most, slope, index) => (held[index] ? most : Math.max(most, Math.abs(slope))), 0);
}

/** The two-loop recursion. */
function descent(gradient: Float64Array, held: Uint8Array, memory: readonly Correction[]): Float64Array {
  const direction = gradient.map((slope, index) => (held[index] ? 0 : -slope));
  const factors: number[] = [];
  for (const { s, y, rho } of memory.toReversed()) {
    const factor = rho * dot(s, direction);
    factors.unshift(factor);
    add(direction, y, -factor);
  }
  const last = memory.at(-1);
  if (last) scale(direction, dot(last.s, last.y) / dot(last.y, last.y));
  memory.forEach(({ s, y, rho }, index) =>
    add(direction, s, (factors[index] ?? 0) - rho * dot(y, direction)),
  );
  held.forEach((isHeld, index) => {
    if (isHeld) direction[index] = 0;
  });
  return direction;
}

function lineSearch(
  f: Differentiable,
  x: Float64Array,
  value: number,
  gradient: Float64Array,
  direction: Float64Array,
  { lower, upper }: Bounds,
  isFirst: boolean,
): Step | null {
  let length = isFirst ? Math.min(1, 1 / Math.sqrt(dot(direction, direction))) : 1;
  for (let tries = 0; tries < MAX_STEPS; tries++, length *= 0.5) {
    const next = x.map((at, index) =>
      Math.min(upper[index] ?? 0, Math.max(lower[index] ?? 0, at + length * (direction[index] ?? 0))),
    );
    const moved = next.map((at, index) => at - (x[index] ?? 0));
    const slope = dot(moved, gradient);
    if (!(slope < 0)) return null;
    const nextGradient = new Float64Array(x.length);
    const nextValue = f(next, nextGradient);
    if (nextValue <= value + SUFFICIENT * slope) return { x: next, gradient: nextGradient, value: nextValue };
  }
  return null;
}

function remember(
  memory: Correction[],
  x: Float64Array,
  gradient: Float64Array,
  nextX: Float64Array,
  nextGradient: Float64Array,
): void {
  const s = nextX.map((at, index) => at - (x[index] ?? 0));
  const y = nextGradient.map((slope, index) => slope - (gradient[index] ?? 0));
  const curvature = dot(s, y);
  if (curvature <= 1e-10 * dot(y, y)) return;
  memory.push({ s, y, rho: 1 / curvature });
  if (memory.length > MEMORY) memory.shift();
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let index = 0; index < a.length; index++) sum += (a[index] as number) * (b[index] as number);
  return sum;
}

function add(to: Float64Array, what: Float64Array, factor: number): void {
  for (let index = 0; index < to.length; index++)
    to[index] = (to[index] as number) + factor * (what[index] as number);
}

function scale(what: Float64Array, factor: number): void {
  for (let index = 0; index < what.length; index++) what[index] = (what[index] as number) * factor;
}
