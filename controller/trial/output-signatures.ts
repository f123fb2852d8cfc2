import type { KnownFailureCode } from '../../core/failure-codes/trial-codes.ts';

/** What the output of a program that ended badly says about why. */
export interface OutputCause {
  code: KnownFailureCode;
  /** Goes on after "Container main of pod exp-0". */
  what: string;
}

interface Signature {
  code: KnownFailureCode;
  /** Sees one line at a time. Its groups go to `what`; of alternatives, the one that took part. */
  pattern: RegExp;
  what: (found: string) => string;
}

/** In the words of Python, Node.js, shells and the dynamic linker. Where several fit a line, the first counts. */
const SIGNATURES: readonly Signature[] = [
  {
    code: 'TRIAL_FILE_MISSING',
    pattern: /can't open file '?([^':]+)'?: \[Errno 2\]|Cannot find module '(\/[^']+)'/,
    what: (path) => `was to run ${path}, which does not exist`,
  },
  {
    code: 'TRIAL_MODULE_MISSING',
    pattern:
      /(?:ModuleNotFoundError: No module named|ImportError: No module named|Cannot find (?:module|package)) ['"]?([^'"\s]+)/,
    what: (module) => `needs the module "${module}", which is not installed`,
  },
  {
    code: 'TRIAL_MODULE_MISSING',
    pattern:
      /error while loading shared libraries: ([^:\s]+)|ImportError: (\S+\.so[.\d]*): cannot open shared/,
    what: (library) => `needs the library "${library}", which is not installed`,
  },
  {
    code: 'TRIAL_OUT_OF_MEMORY',
    pattern:
      /^\s*(MemoryError\b.*|.*(?:CUDA out of memory|OutOfMemoryError|JavaScript heap out of memory|std::bad_alloc|Cannot allocate memory).*)$/,
    what: (line) => `ran out of memory: ${line.trim()}`,
  },
  {
    code: 'TRIAL_DISK_FULL',
    pattern: /^(.*(?:No space left on device|Disk quota exceeded|\bENOSPC\b).*)$/,
    what: (line) => `found no room on the disk: ${line.trim()}`,
  },
  {
    code: 'TRIAL_ARGUMENT_REFUSED',
    pattern:
      /((?:unrecognized arguments|the following arguments are required|ambiguous option|expected (?:one|at least one) argument|invalid (?:choice|\w+ value)): .*)$|(No such option:? .*)$|(Unknown command line flag .*)$|(Missing option .*)$|(Unknown option .*)$|(unrecognized option .*)$/,
    what: (line) => `does not take the arguments that it was given: ${line.trim()}`,
  },
  {
    code: 'TRIAL_GPU_ERROR',
    pattern:
      /^(.*(?:CUDA driver version is insufficient|no CUDA-capable device|no kernel image is available|Found no NVIDIA driver|not compiled with CUDA enabled|CUDA error: (?!out of memory)).*)$/,
    what: (line) => `could not use a GPU: ${line.trim()}`,
  },
  {
    code: 'TRIAL_NETWORK_UNAVAILABLE',
    pattern:
      /^(.*(?:Temporary failure in name resolution|Name or service not known|Could not resolve host|getaddrinfo (?:ENOTFOUND|EAI_AGAIN)|Network is unreachable|ENETUNREACH|Max retries exceeded with url|Connection timed out|ETIMEDOUT).*)$/,
    what: (line) => `could not reach another computer: ${line.trim()}`,
  },
  {
    code: 'TRIAL_PERMISSION_DENIED',
    pattern: /^(.*(?:PermissionError: |\bEACCES\b|Permission denied|Read-only file system|\bEROFS\b).*)$/,
    what: (line) => `may not do what it tried: ${line.trim()}`,
  },
  {
    code: 'TRIAL_FILE_MISSING',
    pattern: /^(.*(?:FileNotFoundError: |\bENOENT\b|No such file or directory).*)$/,
    what: (line) => `did not find a file: ${line.trim()}`,
  },
];

/** Longer lines are data, not errors; and a search in them would take its time. */
const MAX_LINE_LENGTH = 2_000;
const MAX_SHOWN = 300;

/** What is further from the end did not end the program. */
const MAX_LINES = 60;

/** What a program said in passing: TensorFlow warns of libraries that it can do without. */
const IN_PASSING = /\b(?:WARN(?:ING)?|INFO|DEBUG)\b|: [WI] /i;

/** The last line of a traceback or stack, with the name of the error. */
const ERROR = /^(?:Uncaught )?(?:[A-Za-z_][\w.]*\.)?([A-Z]\w*(?:Error|Exception|Interrupt))\b/;

/** Errors that only tell that another process, whose output stands before, has failed. */
const TELLS_OF_ANOTHER = new Set(['CalledProcessError', 'ChildFailedError', 'ProcessRaisedException']);

/**
 * The cause that the output names, undefined where it names none that is known. The last error counts: of a chain of errors,
 * it is the one that ended the program, also where its cause is not known.
 */
export function causeInOutput(output: string): OutputCause | undefined {
  const lines = output.split(/\r\n|\r|\n/).filter((line) => line.trim() !== '');
  for (const line of lines.slice(-MAX_LINES).toReversed()) {
    if (line.length > MAX_LINE_LENGTH || IN_PASSING.test(line)) continue;
    const cause = causeInLine(line);
    if (cause) return cause;
    const error = ERROR.exec(line)?.[1];
    if (error !== undefined && !TELLS_OF_ANOTHER.has(error)) return undefined;
  }
  return undefined;
}

function causeInLine(line: string): OutputCause | undefined {
  for (const { code, pattern, what } of SIGNATURES) {
    const match = pattern.exec(line);
    if (!match) continue;
    const found = match.slice(1).find(Boolean) ?? '';
    return { code, what: what(found.slice(0, MAX_SHOWN)) };
  }
  return undefined;
}
