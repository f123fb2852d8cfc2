import { X509Certificate } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { parse } from 'yaml';
import { suggestedCommand } from '../../command-line.ts';
import type { DataDirectory } from '../../data-directory.ts';
import { ok, problem, warning, type Check, type Finding } from '../check.ts';
import type { DoctorContext } from '../context.ts';

const PRIVATE_FILES = ['token', 'tls.key', 'kubeconfig'];
const OTHERS = 0o077;

export const privateFiles: Check<DoctorContext> = {
  id: 'private-files',
  title: 'Private files',
  why: 'Who can read the token or the key can start programs as you.',
  run({ directory }) {
    const open = PRIVATE_FILES.map((name) => join(directory.path, name)).filter(isOpenToOthers);
    if (open.length === 0) return [ok('For their owner alone.')];
    const remedy = `chmod 600 ${open.join(' ')}; then remove ${join(directory.path, 'token')} and start the service anew, for a new token.`;
    return [problem(`Other users may read ${open.join(', ')}.`, remedy)];
  },
};

function isOpenToOthers(file: string): boolean {
  return ((statSync(file, { throwIfNoEntry: false })?.mode ?? 0) & OTHERS) !== 0;
}

const kubeconfigSchema = z.object({
  clusters: z.array(z.object({ cluster: z.object({ server: z.url() }) })).min(1),
});

export const kubeconfig: Check<DoctorContext> = {
  id: 'kubeconfig',
  title: 'kubeconfig',
  why: 'kubectl and other clients reach the service by it.',
  async run({ directory, service, probes }) {
    const file = join(directory.path, 'kubeconfig');
    const isUsed = (probes.env['KUBECONFIG'] ?? '').split(':').includes(file);
    const command = suggestedCommand(['serve', '--data-dir', directory.path]);
    if (!existsSync(file)) {
      if (!isUsed) return [ok('Written when a service starts.')];
      return [warning(`$KUBECONFIG names ${file}, which is not there.`, `Start the service: ${command}`)];
    }
    const server = readKubeconfigServer(file);
    if (server === null) {
      return [warning(`${file} is damaged.`, `Start the service anew, which writes the file: ${command}`)];
    }
    if (await probes.answers(server)) return [ok(`It leads to ${server}, which answers.`)];
    const found = `It leads to ${server}, where nobody answers.`;
    if (!service.isLocked && !isUsed) return [ok(`${found} No service works here now.`)];
    return [warning(found, `Start the service anew, which writes the file: ${command}`)];
  },
};

function readKubeconfigServer(file: string): string | null {
  try {
    return kubeconfigSchema.parse(parse(readFileSync(file, 'utf8'))).clusters[0]?.cluster.server ?? null;
  } catch {
    return null;
  }
}

const DAY_MS = 24 * 60 * 60 * 1000;
/** A service makes a new one at its start when less is left. */
const RENEWAL_DAYS = 30;

export const certificate: Check<DoctorContext> = {
  id: 'certificate',
  title: 'Certificate',
  why: 'kubectl refuses a server whose certificate is not valid.',
  run: ({ directory, probes }) => [certificateFinding(directory, probes.now())],
};

function certificateFinding(directory: DataDirectory, nowMs: number): Finding {
  const file = join(directory.path, 'tls.crt');
  if (!existsSync(file)) return ok('Made when a service starts.');
  const renew = `Remove ${file} and start the service anew, which makes a new one.`;
  const read = readCertificate(file);
  if (!read) return warning(`${file} is damaged.`, renew);
  const { validFromDate, validToDate } = read;
  const end = validToDate.toISOString().slice(0, 10);
  if (nowMs > validToDate.getTime()) return problem(`It ended on ${end}.`, renew);
  if (nowMs < validFromDate.getTime()) {
    return problem(
      `It is valid only from ${validFromDate.toISOString()}: the clock was ahead when it was made.`,
      renew,
    );
  }
  const days = Math.floor((validToDate.getTime() - nowMs) / DAY_MS);
  if (days < RENEWAL_DAYS) return warning(`It ends in ${days} days, on ${end}.`, renew);
  return ok(`Valid until ${end}.`);
}

function readCertificate(file: string): X509Certificate | null {
  try {
    return new X509Certificate(readFileSync(file));
  } catch {
    return null;
  }
}
