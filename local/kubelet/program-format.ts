import { closeSync, existsSync, openSync, readdirSync, readSync } from 'node:fs';

/** Enough for the header of a binary and for the first line of a script. */
const HEADER_BYTES = 256;

/** Where `e_machine` stands, and what of the header must be there to read it. */
const MACHINE_AT = 18;
const ELF_HEADER_BYTES = MACHINE_AT + 2;

/** `e_machine` of ELF files for the values of `process.arch`. An x64 computer runs ia32 programs, too. */
const ELF_MACHINES: Readonly<Partial<Record<NodeJS.Architecture, readonly number[]>>> = {
  x64: [62, 3],
  ia32: [3],
  arm64: [183, 40],
  arm: [40],
  ppc64: [21],
  s390x: [22],
  riscv64: [243],
  loong64: [258],
};

/**
 * Why this computer cannot run an executable file, or undefined where it can as far as the first bytes tell. To be asked
 * before: what the system makes of such a file, it runs in a shell, whose complaints say nothing.
 */
export function formatProblem(file: string): string | undefined {
  const header = readHeader(file);
  if (header === undefined) return undefined;
  if (header.toString('latin1', 0, 2) === '#!') return scriptProblem(header);
  if (header.toString('latin1', 0, 4) === '\u007fELF') return elfProblem(header);
  if (process.platform === 'linux' && header.includes(0))
    return 'it is no program of this computer (exec format error): it holds data, or was made for another system';
  return undefined;
}

function readHeader(file: string): Buffer | undefined {
  try {
    const descriptor = openSync(file, 'r');
    try {
      const buffer = Buffer.alloc(HEADER_BYTES);
      return buffer.subarray(0, readSync(descriptor, buffer));
    } finally {
      closeSync(descriptor);
    }
  } catch {
    // It may be executed but not read: then nobody can tell.
    return undefined;
  }
}

function scriptProblem(header: Buffer): string | undefined {
  const [line = ''] = header.toString('utf8', 2).split('\n', 1);
  const [interpreter = ''] = line.trimStart().split(/[ \t]/, 1);
  if (interpreter.endsWith('\r'))
    return `its lines end as on Windows, so that it asks for the interpreter "${interpreter.trimEnd()}\\r"; convert them, for example with dos2unix`;
  if (interpreter === '' || existsSync(interpreter)) return undefined;
  return `its first line asks for the interpreter ${interpreter}, which does not exist here`;
}

function elfProblem(header: Buffer): string | undefined {
  const machines = ELF_MACHINES[process.arch];
  if (header.length < ELF_HEADER_BYTES) return 'it is the beginning of a program only';
  const isBigEndian = header[5] === 2;
  const machine = isBigEndian ? header.readUInt16BE(MACHINE_AT) : header.readUInt16LE(MACHINE_AT);
  if (machines === undefined || machines.includes(machine) || isEmulated()) return undefined;
  return `it is a program for another processor (exec format error): this one is ${process.arch}`;
}

/** The kernel has been told of an emulator for programs of other processors. */
function isEmulated(): boolean {
  try {
    return readdirSync('/proc/sys/fs/binfmt_misc').some((name) => name.startsWith('qemu'));
  } catch {
    return false;
  }
}
