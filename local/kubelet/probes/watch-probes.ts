import type { Clock } from '../../../core/clock.ts';
import type { Container, Probe } from '../../../core/pod.ts';
import { probeCheck, type ProbePlace } from './probe-check.ts';
import { runProbe, type ProbeVerdict } from './prober.ts';

/** What is done with what the probes of a container find. */
export interface ProbeEffects {
  /** The container has started, or can be talked to, or both no longer. */
  setState(state: { started: boolean; ready: boolean }): void;
  /** It is to be ended: it has not started in time, or does not live any more. */
  end(probe: Probe): void;
  /** For an event: `Liveness probe failed: …`. */
  tellFailure(message: string): void;
}

type Kind = 'Startup' | 'Liveness' | 'Readiness';

/** The probes of a container, by kind; those that cannot be asked here are left out. */
export function probesOf({ startupProbe, livenessProbe, readinessProbe }: Container): Map<Kind, Probe> {
  const all = { Startup: startupProbe, Liveness: livenessProbe, Readiness: readinessProbe };
  const kinds = Object.entries(all) as [Kind, Probe | undefined][];
  return new Map(kinds.flatMap(([kind, probe]) => (probe && isAskable(probe) ? [[kind, probe]] : [])));
}

function isAskable({ exec, httpGet, tcpSocket }: Probe): boolean {
  return Boolean(exec?.command?.length) || httpGet !== undefined || tcpSocket !== undefined;
}

/** What a container is before any probe was answered. */
export function stateBeforeProbes(container: Container): { started: boolean; ready: boolean } {
  const probes = probesOf(container);
  return { started: !probes.has('Startup'), ready: !probes.has('Startup') && !probes.has('Readiness') };
}

/**
 * Asks the probes of a container that runs, until the signal: the startup probe first, and once it has passed the others.
 * The container is ready when its readiness probe passes, or at once where it has none.
 */
export function watchProbes(
  container: Container,
  place: ProbePlace,
  clock: Clock,
  signal: AbortSignal,
  effects: ProbeEffects,
): void {
  const probes = probesOf(container);
  const run = (kind: Kind, onVerdict: (verdict: ProbeVerdict, probe: Probe) => void): void => {
    const probe = probes.get(kind);
    const check = probe && probeCheck(probe, container, place);
    if (!probe || !check) return;
    void runProbe(probe, check, clock, signal, (verdict) => {
      if (!verdict.passes) effects.tellFailure(`${kind} probe failed: ${verdict.message}`);
      onVerdict(verdict, probe);
    });
  };
  const runOthers = (): void => {
    run('Liveness', ({ passes }, probe) => {
      if (!passes) effects.end(probe);
    });
    run('Readiness', ({ passes }) => effects.setState({ started: true, ready: passes }));
  };
  if (!probes.has('Startup')) {
    runOthers();
    return;
  }
  let hasStarted = false;
  run('Startup', ({ passes }, probe) => {
    if (hasStarted) return;
    if (!passes) {
      effects.end(probe);
      return;
    }
    hasStarted = true;
    effects.setState({ started: true, ready: !probes.has('Readiness') });
    runOthers();
  });
}
