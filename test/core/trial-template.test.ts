import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SpecError } from '../../core/errors.ts';
import { placeholderUses, renderTrialSpec, type RenderTrialInput } from '../../core/trial-template.ts';

const INLINE = {
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata: { labels: { 'custom-key': 'custom-label' }, annotations: { note: 'lr ${trialParameters.rate}' } },
  spec: {
    backoffLimit: 0,
    args: ['--lr=${trialParameters.rate}', '${trialParameters.rate}/${trialParameters.name}'],
  },
};

function render(changes: Partial<RenderTrialInput> = {}): Record<string, unknown> {
  return renderTrialSpec({
    template: INLINE,
    trialParameters: [
      { name: 'rate', reference: 'lr' },
      { name: 'name', reference: '${trialSpec.Name}' },
    ],
    assignments: [{ name: 'lr', value: '0.1' }],
    trialName: 'digits-0',
    trialNamespace: 'ml',
    ...changes,
  });
}

function renderOne(reference: string, value: string): unknown {
  const rendered = render({
    template: { ...INLINE, spec: { value: '${trialParameters.x}' } },
    trialParameters: [
      { name: 'x', reference },
      { name: 'rate', reference: 'unused' },
    ],
    assignments: [
      { name: 'lr', value },
      { name: 'unused', value: '1' },
    ],
  });
  return (rendered.spec as { value: unknown }).value;
}

describe('rendering an inline template', () => {
  it('fills in values and sets name and namespace', () => {
    expect(render()).toEqual({
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: {
        labels: { 'custom-key': 'custom-label' },
        annotations: { note: 'lr 0.1' },
        name: 'digits-0',
        namespace: 'ml',
      },
      spec: { backoffLimit: 0, args: ['--lr=0.1', '0.1/digits-0'] },
    });
  });

  it('leaves the template as it is', () => {
    const before = structuredClone(INLINE);
    render();
    expect(INLINE).toEqual(before);
  });

  it('fills in placeholders inside keys, however they are called', () => {
    const template = { ...INLINE, spec: { '${trialParameters.rate}': 1 } };
    const rendered = render({ template, assignments: [{ name: 'lr', value: '__proto__' }] });
    expect(Object.keys(rendered.spec as object)).toEqual(['__proto__']);
  });

  it('keeps numbers as text', () => {
    expect(renderOne('lr', '3')).toBe('3');
  });

  it.each([
    ['${trialSpec.Name}', 'digits-0'],
    ['${trialSpec.Namespace}', 'ml'],
    ['${trialSpec.Kind}', 'Job'],
    ['${trialSpec.APIVersion}', 'batch/v1'],
    ['${trialSpec.Labels[custom-key]}', 'custom-label'],
    ['${trialSpec.Annotations[note]}', 'lr 1'],
  ])('replaces a reference to %s by %s', (reference, expected) => {
    expect(renderOne(reference, '0.1')).toBe(expected);
  });

  it('puts any value into the document unchanged, in a single pass', () => {
    const awkward = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom(
        '"',
        '\\',
        "'",
        '\n',
        '${trialParameters.x}',
        '${trialParameters.rate}',
        '$&',
        '$1',
        '{}',
      ),
    );
    fc.assert(
      fc.property(fc.array(awkward, { maxLength: 4 }), (parts) => {
        const value = parts.join('');
        expect(renderOne('lr', value)).toBe(value);
      }),
    );
  });
});

describe('rendering the text of a ConfigMap', () => {
  const text = `
apiVersion: batch/v1
kind: Job
metadata:
  labels: {tier: "\${trialParameters.rate}"}
spec:
  replicas: \${trialParameters.rate}
  list: ["\${trialParameters.name}"]
  mode: 0644
`;

  it('parses after filling in, so that unquoted placeholders become numbers', () => {
    expect(render({ template: text, assignments: [{ name: 'lr', value: '3' }] })).toEqual({
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: { labels: { tier: '3' }, name: 'digits-0', namespace: 'ml' },
      spec: { replicas: 3, list: ['digits-0'], mode: 0o644 },
    });
  });

  it('reads JSON as well', () => {
    const template = JSON.stringify(INLINE);
    expect(render({ template })).toEqual(render());
  });

  it('reads metadata of the text, with parameters filled in', () => {
    const trialParameters = [
      { name: 'rate', reference: 'lr' },
      { name: 'name', reference: '${trialSpec.Labels[tier]}' },
    ];
    const rendered = render({ template: text, trialParameters });
    expect(rendered.spec).toMatchObject({ list: ['0.1'] });
  });

  it.each([
    ['a: [1', 'not well-formed YAML'],
    ['"text"', 'not an object'],
    ['', 'not an object'],
    [
      `a: &a [1,1]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: [*c,*c,*c,*c,*c,*c,*c,*c]`,
      'Excessive alias',
    ],
  ])('refuses %j', (template, message) => {
    expect(() => render({ template, trialParameters: [] })).toThrow(SpecError);
    expect(() => render({ template, trialParameters: [] })).toThrow(message);
  });
});

describe('rendering refuses', () => {
  it.each<[string, Partial<RenderTrialInput>, string]>([
    ['a parameter without a value', { assignments: [] }, 'refers to lr, which has no value'],
    ['a placeholder that nobody declares', { trialParameters: [] }, '${trialParameters.rate}'],
    [
      'an unknown annotation',
      { trialParameters: [{ name: 'rate', reference: '${trialSpec.Annotations[a]}' }] },
      'no value',
    ],
    ['unknown metadata', { trialParameters: [{ name: 'rate', reference: '${trialSpec.Uid}' }] }, 'no value'],
  ])('%s', (_, changes, message) => {
    expect(() => render(changes)).toThrow(SpecError);
    expect(() => render(changes)).toThrow(message);
  });
});

describe('placeholderUses', () => {
  it('tells where each placeholder stands', () => {
    expect(
      placeholderUses({ a: ['x', '${trialParameters.p}${trialParameters.q}'], '${trialParameters.r}': 1 }),
    ).toEqual([
      { name: 'p', path: ['a', 1] },
      { name: 'q', path: ['a', 1] },
      { name: 'r', path: ['${trialParameters.r}'] },
    ]);
  });
});
