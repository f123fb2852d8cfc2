import v8 from 'node:v8';

/** By how much the old generation may grow between two full collections. V8 lets a small heap double and more. */
const GROWTH_PERCENT = 30;
const MAX_YOUNG_MIB = 8;
const LOOK_MS = 250;
const BYTES_PER_MIB = 1_048_576;

/**
 * Keeps V8's heaps small, in all threads and for as long as the process lives. Left alone they grow to several times of
 * what is in use under the many short-lived objects of a busy service, and keep that memory. A heap of this size is
 * collected so quickly that a trial costs no more time with these limits.
 */
export function keepHeapSmall(): void {
  v8.setFlagsFromString(`--heap-growing-percent=${GROWTH_PERCENT}`);
  limitYoungGeneration();
}

/** V8 takes a limit only at the start of the process, but asks for the factor by which to grow each time. */
function limitYoungGeneration(): void {
  let isOpen = true;
  const look = (): void => {
    const mayGrow = youngGenerationMib() < MAX_YOUNG_MIB;
    if (mayGrow === isOpen) return;
    isOpen = mayGrow;
    v8.setFlagsFromString(`--semi-space-growth-factor=${mayGrow ? 2 : 1}`);
  };
  look();
  setInterval(look, LOOK_MS).unref();
}

function youngGenerationMib(): number {
  const space = v8.getHeapSpaceStatistics().find(({ space_name: name }) => name === 'new_space');
  return (space?.space_size ?? 0) / BYTES_PER_MIB;
}
