import v8 from 'node:v8';

const MAX_MIB = 8;
const LOOK_MS = 250;
const BYTES_PER_MIB = 1_048_576;

/**
 * Keeps V8's young generation small, in all threads and for as long as the process lives. Left alone it grows to 64 MiB and more under the many short-lived objects of
 * a busy service, and keeps that memory; from here on it costs no more time. V8 takes a limit only at the start of the
 * process, but asks for the factor by which to grow each time.
 */
export function limitYoungGeneration(): void {
  let isOpen = true;
  const look = (): void => {
    const mayGrow = youngGenerationMib() < MAX_MIB;
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
