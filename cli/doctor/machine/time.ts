import { closeSync, existsSync, fstatSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { formatDuration } from '../../duration.ts';
import { ok, problem, warning, type Check, type Finding } from '../check.ts';
import type { DoctorContext } from '../context.ts';

/** Clocks of file servers differ by seconds. */
const TOLERATED_MS = 60_000;
/** Older than any release: a computer whose clock has lost its battery. */
const EARLIEST_MS = Date.parse('2025-01-01T00:00:00Z');
const LOG_TAIL_BYTES = 256 * 1024;

const SET_CLOCK = 'Set the clock, and let it be kept right (timedatectl set-ntp true).';

export const clock: Check<DoctorContext> = {
  id: 'clock',
  title: 'Clock',
  why: 'Deadlines, certificates and the times of trials follow the clock: a wrong one ends jobs too early or never.',
  run({ probes, directory }) {
    const nowMs = probes.now();
    const findings = [
      ...tooEarly(nowMs),
      ...behindFiles(nowMs, directory.path),
      ...setBack(lastLines(join(directory.path, 'katydid.log'))),
    ];
    return findings.length > 0 ? findings : [ok(new Date(nowMs).toISOString())];
  },
};

function tooEarly(nowMs: number): Finding[] {
  if (nowMs >= EARLIEST_MS) return [];
  return [problem(`It says ${new Date(nowMs).toISOString()}, which is long past.`, SET_CLOCK)];
}

/** Files cannot have been written in the future. */
function behindFiles(nowMs: number, directory: string): Finding[] {
  const [newest] = writeTimes(directory).sort((left, right) => right.timeMs - left.timeMs);
  const aheadMs = newest === undefined ? 0 : newest.timeMs - nowMs;
  if (!newest || aheadMs <= TOLERATED_MS) return [];
  const found = `It is ${formatDuration(aheadMs)} behind the time at which ${newest.file} was written.`;
  return [warning(found, SET_CLOCK)];
}

function writeTimes(directory: string): { file: string; timeMs: number }[] {
  if (!existsSync(directory)) return [];
  return readdirSync(directory).flatMap((name) => {
    const file = join(directory, name);
    const stats = statSync(file, { throwIfNoEntry: false });
    return stats?.isFile() ? [{ file, timeMs: stats.mtimeMs }] : [];
  });
}

/** The service logs with the time: lines in the wrong order show that the clock was set back between them. */
function setBack(lines: readonly string[]): Finding[] {
  const times = lines.flatMap((line) => timeOf(line) ?? []);
  const jump = times.find((time, index) => (times[index + 1] ?? time) < time - TOLERATED_MS);
  if (jump === undefined) return [];
  const found = `It was set back after ${new Date(jump).toISOString()}, while katydid worked (katydid.log).`;
  return [warning(found, SET_CLOCK)];
}

function timeOf(line: string): number | undefined {
  const text = /"time":"([^"]+)"/.exec(line)?.[1];
  const time = text === undefined ? Number.NaN : Date.parse(text);
  return Number.isNaN(time) ? undefined : time;
}

/** The end of the file; none where there is no such file. */
function lastLines(file: string): string[] {
  if (!existsSync(file)) return [];
  const descriptor = openSync(file, 'r');
  try {
    const { size } = fstatSync(descriptor);
    const buffer = Buffer.alloc(Math.min(size, LOG_TAIL_BYTES));
    readSync(descriptor, buffer, 0, buffer.length, size - buffer.length);
    return buffer.toString('utf8').split('\n');
  } finally {
    closeSync(descriptor);
  }
}

/** `EST5EDT,M3.2.0,M11.1.0` and the like. */
const POSIX_ZONE = /^(?:[A-Za-z]{3,}|<[\w+-]+>)[+-]?\d{1,2}/;

export const timeZone: Check<DoctorContext> = {
  id: 'time-zone',
  title: 'Time zone',
  why: 'An unknown zone is silently taken for UTC, so that times in the logs of trainings are hours away.',
  run({ probes: { env } }) {
    const zone = env['TZ'];
    if (zone === undefined || zone === '') return [ok('The one of the system.')];
    const name = zone.replace(/^:/, '');
    if (isZoneName(name) || POSIX_ZONE.test(name)) return [ok(`TZ=${zone}`)];
    return [
      warning(`TZ=${zone} is no zone that is known here.`, 'Correct it (TZ=Europe/Berlin), or unset it.'),
    ];
  },
};

function isZoneName(name: string): boolean {
  if (existsSync(name.startsWith('/') ? name : join('/usr/share/zoneinfo', name))) return true;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
