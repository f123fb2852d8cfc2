import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  formatSidecarArguments,
  parseSidecarArguments,
  type SidecarArguments,
} from '../../metrics-collector/sidecar-arguments.ts';

const ARGUMENTS: SidecarArguments = {
  trialName: 'random-0',
  trialUid: 'uid-0',
  kind: 'File',
  metrics: ['loss', 'accuracy'],
  container: 'training',
  path: '/var/log/metrics.log',
  format: 'TEXT',
  filters: ['([a-z;]+)=(.*)'],
  primaryPodLabels: [{ variable: 'PRIMARY_0', value: 'a=b' }],
};

describe('formatSidecarArguments', () => {
  it('uses Katib’s flags and repeats those with several values', () => {
    expect(formatSidecarArguments(ARGUMENTS)).toEqual([
      ...['-t', 'random-0', '-trial-uid', 'uid-0', '-kind', 'File', '-container', 'training'],
      ...['-path', '/var/log/metrics.log', '-format', 'TEXT', '-m', 'loss', '-m', 'accuracy'],
      ...['-f', '([a-z;]+)=(.*)', '-pod-label', 'PRIMARY_0=a=b'],
    ]);
  });

  it('is undone by parseSidecarArguments', () => {
    const text = fc.string();
    const header = fc.record({ name: fc.stringMatching(/^[\w-]+$/), value: text });
    const http = fc.record({
      url: fc.webUrl({ validSchemes: ['http', 'https'] }),
      headers: fc.array(header),
    });
    const argument = fc.record({
      trialName: text,
      trialUid: text,
      kind: fc.constantFrom('StdOut', 'File', 'TensorFlowEvent', 'PrometheusMetric'),
      metrics: fc.array(text),
      container: text,
      path: fc.option(text),
      format: fc.constantFrom('TEXT', 'JSON'),
      filters: fc.array(fc.oneof(text, fc.constantFrom('(a);(b)', '-f', '=', ''))),
      primaryPodLabels: fc.array(fc.record({ variable: fc.stringMatching(/^[A-Z_]+$/), value: text })),
      // Absent rather than undefined.
      rest: fc.option(
        http.map((found) => ({ http: found })),
        { nil: {} },
      ),
    });
    fc.assert(
      fc.property(argument, ({ rest, ...others }) => {
        const args: SidecarArguments = { ...others, ...rest };
        expect(parseSidecarArguments(formatSidecarArguments(args))).toEqual(args);
      }),
    );
  });
});

describe('parseSidecarArguments', () => {
  const minimal = ['-t', 'x', '-trial-uid', 'u', '-kind', 'StdOut', '-container', 'c'];

  it('takes TEXT for the format that is not given', () => {
    expect(parseSidecarArguments(minimal)).toMatchObject({ format: 'TEXT', path: null, metrics: [] });
  });

  it.each([
    { args: ['-t', 'x'], says: '-trial-uid is missing' },
    { args: [...minimal, '-m'], says: '-m has no value' },
    { args: [...minimal, '-kind', 'File'], says: '-kind stands twice' },
    { args: [...minimal, '-x', '1'], says: '"-x" is not a flag' },
    { args: [...minimal, '-format', 'XML'], says: '-format is "XML" instead of TEXT or JSON' },
    { args: [...minimal, '-pod-label', 'value'], says: 'instead of VARIABLE=value' },
    { args: [...minimal, '-url', 'file:///etc'], says: '-url is "file:///etc"' },
    { args: [...minimal, '-header', ':x'], says: 'instead of NAME:value' },
    { args: ['-t', 'x', '-trial-uid', 'u', '-kind', 'Push', '-container', 'c'], says: '-kind is "Push"' },
  ])('refuses $args: $says', ({ args, says }) => {
    expect(() => parseSidecarArguments(args)).toThrow(
      expect.objectContaining({
        code: 'COLLECTOR_ARGUMENTS_INVALID',
        message: expect.stringContaining(says) as string,
      }),
    );
  });
});
