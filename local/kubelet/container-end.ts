import { closeSync, openSync, readSync } from 'node:fs';
import type { KatydidError } from '../../core/errors.ts';
import type { ContainerStateTerminated } from '../../core/pod.ts';
import { rfc3339Seconds } from '../../core/time.ts';
import type { ProcessEnd } from './container-process.ts';
import { LOCAL_CODES, withRemedy, type LocalCode } from '../../core/failure-codes/local-codes.ts';
import type { TextTail } from './text-tail.ts';
import type { UnmappedPath } from './unmapped-paths.ts';

/** Kubernetes' bounds of a termination message: of the file, and of the output where the file is empty. */
const MAX_FILE_BYTES = 4_096;
const MAX_FALLBACK_LINES = 80;
const MAX_FALLBACK_BYTES = 2_048;

/** Exit code that container runtimes report for a command that could not be started. */
const START_ERROR_CODE = 128;

/** With the port where the line ends in an address, as most do. */
const PORT_IN_USE = /(?:address already in use|EADDRINUSE)(?:[^\n]*?:(\d{2,5})\b)?/i;

export interface EndFacts {
  end: ProcessEnd;
  tail: TextTail;
  terminationFile: string;
  unmappedPaths: readonly UnmappedPath[];
  /** It was killed for exceeding its memory limit. */
  isOutOfMemory: boolean;
  startedMs: number;
  finishedMs: number;
}

/** The state of a container that ran. Output of a failed one stands in for a message that it did not write. */
export function terminatedState(facts: EndFacts): ContainerStateTerminated {
  const { exitCode, signal } = facts.end;
  const problem = exitCode === 0 ? undefined : recognisedProblem(facts);
  const written = readStart(facts.terminationFile, MAX_FILE_BYTES);
  const output = exitCode === 0 ? '' : facts.tail.last(MAX_FALLBACK_LINES, MAX_FALLBACK_BYTES);
  const message = [written === '' ? output : written, problem?.hint ?? ''].filter(Boolean).join('\n');
  return {
    exitCode,
    ...(signal !== undefined && { signal }),
    reason: problem?.code ?? (exitCode === 0 ? 'Completed' : 'Error'),
    ...(message !== '' && { message }),
    startedAt: rfc3339Seconds(facts.startedMs),
    finishedAt: rfc3339Seconds(facts.finishedMs),
  };
}

/** The state of a container that could not be started. */
export function startErrorState(error: KatydidError, nowMs: number): ContainerStateTerminated {
  return {
    exitCode: START_ERROR_CODE,
    reason: 'StartError',
    message: withRemedy(error),
    startedAt: rfc3339Seconds(nowMs),
    finishedAt: rfc3339Seconds(nowMs),
  };
}

interface Problem {
  code: LocalCode | 'OOMKilled';
  hint: string;
}

/** Besides the limit, failures that come from running on one computer, known by what the container said last. */
function recognisedProblem({ tail, unmappedPaths, isOutOfMemory }: EndFacts): Problem | undefined {
  if (isOutOfMemory) return { code: 'OOMKilled', hint: 'The container used more memory than its limit.' };
  const output = tail.last(MAX_FALLBACK_LINES);
  const [busy, port] = PORT_IN_USE.exec(output) ?? [];
  if (busy !== undefined) return problem('LOCAL_PORT_IN_USE', port === undefined ? '' : `Port ${port}: `);
  const missing = unmappedPaths.find(({ here }) => output.includes(here));
  return missing && problem('LOCAL_PATH_UNMAPPED', `${missing.written} (${missing.place}): `);
}

function problem(code: LocalCode, subject = ''): Problem {
  const { description, remedy } = LOCAL_CODES[code];
  return { code, hint: `${subject}${description} ${remedy}` };
}

function readStart(file: string, maxBytes: number): string {
  try {
    const descriptor = openSync(file, 'r');
    try {
      const buffer = Buffer.alloc(maxBytes);
      return buffer.toString('utf8', 0, readSync(descriptor, buffer));
    } finally {
      closeSync(descriptor);
    }
  } catch {
    // The container removed its own message file.
    return '';
  }
}
