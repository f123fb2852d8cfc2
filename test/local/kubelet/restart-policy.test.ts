import { describe, expect, it } from 'vitest';
import { KUBERNETES_BACKOFF, RestartBackoff, shouldRestart } from '../../../local/kubelet/restart-policy.ts';

describe('a container', () => {
  it.each([
    ['main', 'Never', 1, false],
    ['main', 'OnFailure', 0, false],
    ['main', 'OnFailure', 1, true],
    ['main', 'Always', 0, true],
    ['init', 'Never', 1, false],
    ['init', 'OnFailure', 1, true],
    ['init', 'Always', 0, false],
    ['sidecar', 'Never', 0, true],
  ] as const)('of role %s under %s with exit code %i: restarted %s', (role, policy, exitCode, expected) => {
    expect(shouldRestart(role, policy, exitCode)).toBe(expected);
  });
});

describe('the wait before a restart', () => {
  it('doubles from 10 s to 300 s', () => {
    const backoff = new RestartBackoff(KUBERNETES_BACKOFF);
    const delays = Array.from({ length: 7 }, () => backoff.nextDelayMs(1_000) / 1_000);
    expect(delays).toEqual([10, 20, 40, 80, 160, 300, 300]);
  });

  it('begins anew after ten minutes without an end', () => {
    const backoff = new RestartBackoff(KUBERNETES_BACKOFF);
    backoff.nextDelayMs(0);
    backoff.nextDelayMs(0);
    expect(backoff.nextDelayMs(600_000)).toBe(10_000);
  });
});
