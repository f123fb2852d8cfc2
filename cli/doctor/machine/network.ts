import { ok, problem, warning, type Check, type Finding } from '../check.ts';
import type { DoctorContext } from '../context.ts';

const PROXY_VARIABLES = ['http_proxy', 'HTTP_PROXY', 'https_proxy', 'HTTPS_PROXY', 'all_proxy', 'ALL_PROXY'];
const LOOPBACK = '127.0.0.1';

export const proxy: Check<DoctorContext> = {
  id: 'proxy',
  title: 'Proxy',
  why: 'curl, kubectl and Python send even requests to 127.0.0.1 through a proxy, which cannot reach this computer.',
  run({ probes: { env } }) {
    const set = PROXY_VARIABLES.filter((name) => (env[name] ?? '') !== '');
    if (set.length === 0) return [ok('None is set.')];
    const exceptions = `${env['no_proxy'] ?? ''},${env['NO_PROXY'] ?? ''}`.split(/[,\s]+/);
    const isExcepted = exceptions.some((host) => host === '*' || host === LOOPBACK || host === '127.0.0.0/8');
    if (isExcepted) return [ok(`${set.join(', ')}, with an exception for ${LOOPBACK}.`)];
    const found = `${set.join(', ')} would catch requests to ${LOOPBACK}.`;
    return [warning(found, `export NO_PROXY=${LOOPBACK},localhost no_proxy=${LOOPBACK},localhost`)];
  },
};

export const serverPorts: Check<DoctorContext> = {
  id: 'ports',
  title: 'Ports of the servers',
  why: 'run and serve listen on 127.0.0.1, and end at once where the port that they are given is taken.',
  async run(context) {
    const { rest, kube } = context.ports;
    const noLoopback = await context.probes.portTrouble(0);
    if (noLoopback !== null) {
      const found = `Nothing can listen on ${LOOPBACK}: ${noLoopback}.`;
      return [problem(found, 'Set up the loopback interface: ip link set lo up')];
    }
    if (rest !== 0 && rest === kube) {
      const found = `Both servers are to listen on ${rest}.`;
      return [problem(found, 'Give --port and --kube-port different numbers.')];
    }
    return [
      await portFinding('REST', rest, '--port', context),
      await portFinding('Kubernetes', kube, '--kube-port', context),
    ];
  },
};

async function portFinding(
  api: string,
  port: number,
  option: string,
  { probes, service }: DoctorContext,
): Promise<Finding> {
  if (port === 0) return ok(`The ${api} API takes a free one.`);
  const trouble = await probes.portTrouble(port);
  if (trouble === null) return ok(`The ${api} API can have ${port}.`);
  if (service.answers && service.server && hasPort(service.server, port)) {
    return ok(`The ${api} API listens on ${port} now (pid ${service.server.pid}).`);
  }
  const remedy = `Find the program with: ss -ltnp 'sport = :${port}'. End it, or choose another port with ${option} (0 takes a free one).`;
  return problem(`Port ${port} for the ${api} API cannot be had: ${trouble}.`, remedy);
}

function hasPort({ rest, kube }: { rest: string; kube: string }, port: number): boolean {
  return [rest, kube].some((url) => new URL(url).port === String(port));
}
