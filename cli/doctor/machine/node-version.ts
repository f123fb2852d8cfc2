import { ok, problem, type Check } from '../check.ts';
import type { DoctorContext } from '../context.ts';

/** As `engines` of the package says. */
const OLDEST = [22, 12] as const;

export const nodeVersion: Check<DoctorContext> = {
  id: 'node-version',
  title: 'Node',
  why: 'Katydid uses abilities of Node that older releases do not have, and trials that call `node` get this one.',
  run({ probes: { nodeVersion: version } }) {
    const [major = 0, minor = 0] = version.replace(/^v/, '').split('.').map(Number);
    const isNewEnough = major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1]);
    if (isNewEnough) return [ok(version)];
    const remedy = 'Install a newer one from https://nodejs.org, or with the version manager that you use.';
    return [problem(`${version} is older than ${OLDEST.join('.')}.`, remedy)];
  },
};
