import { spawn } from 'node:child_process';
import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { connect } from 'node:net';
import { errorMessage } from '../../../core/errors.ts';
import type { Container, Probe } from '../../../core/pod.ts';
import { killGroup } from '../signals.ts';

/** Asks once. Null where the answer is good, else what is wrong with it. Never rejects; ends when aborted. */
export type ProbeCheck = (signal: AbortSignal) => Promise<string | null>;

/** Where a command of the container runs. */
export interface ProbePlace {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** Paths of the container as they are here. */
  readonly rewriteText: (text: string) => string;
}

const LOOPBACK = '127.0.0.1';

/** How a probe asks; null for a probe that asks in no way that there is here. */
export function probeCheck(probe: Probe, container: Container, place: ProbePlace): ProbeCheck | null {
  const { exec, httpGet, tcpSocket } = probe;
  if (exec?.command?.length) {
    const command = exec.command.map(place.rewriteText);
    return settled((signal) => runCommand(command, place, signal));
  }
  if (httpGet) return settled((signal) => getHttp(httpGet, portNumber(httpGet.port, container), signal));
  if (tcpSocket) {
    const { host = LOOPBACK } = tcpSocket;
    return settled((signal) => connectTo(host, portNumber(tcpSocket.port, container), signal));
  }
  return null;
}

function settled(ask: (signal: AbortSignal) => Promise<string | null>): ProbeCheck {
  return async (signal) => {
    try {
      return await ask(signal);
    } catch (error) {
      return errorMessage(error);
    }
  };
}

/** Throws where the container has no port of that name. */
function portNumber(port: string | number, { name, ports = [] }: Container): number {
  const number = Number(port);
  if (Number.isInteger(number)) return number;
  const found = ports.find((candidate) => candidate.name === port)?.containerPort;
  if (found === undefined) throw new Error(`container "${name}" has no port named "${port}"`);
  return found;
}

const MOST_OUTPUT = 1_000;

function runCommand(
  [file = '', ...args]: readonly string[],
  { cwd, env }: ProbePlace,
  signal: AbortSignal,
): Promise<string | null> {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { cwd, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream
        .setEncoding('utf8')
        .on('data', (text: string) => (output = (output + text).slice(0, MOST_OUTPUT)));
    const kill = (): void => {
      if (child.pid !== undefined) killGroup(child.pid);
    };
    signal.addEventListener('abort', kill, { once: true });
    child.once('error', reject);
    child.once('close', (code) => {
      signal.removeEventListener('abort', kill);
      resolve(code === 0 ? null : `${output.trim()} (exit code ${code ?? 'none: killed'})`.trim());
    });
  });
}

function getHttp(
  { path = '/', host = LOOPBACK, scheme = 'HTTP', httpHeaders = [] }: NonNullable<Probe['httpGet']>,
  port: number,
  signal: AbortSignal,
): Promise<string | null> {
  const headers = Object.fromEntries(httpHeaders.map(({ name, value }) => [name, value]));
  const options = { host, port, path, headers, signal, agent: false };
  return new Promise((resolve, reject) => {
    const request =
      scheme.toUpperCase() === 'HTTPS'
        ? requestHttps({ ...options, rejectUnauthorized: false })
        : requestHttp(options);
    request.once('response', ({ statusCode = 0 }) => {
      request.destroy();
      resolve(statusCode >= 200 && statusCode < 400 ? null : `HTTP answered ${statusCode}`);
    });
    request.on('error', reject);
    request.end();
  });
}

function connectTo(host: string, port: number, signal: AbortSignal): Promise<string | null> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, signal });
    socket.once('connect', () => {
      socket.destroy();
      resolve(null);
    });
    socket.on('error', reject);
  });
}
