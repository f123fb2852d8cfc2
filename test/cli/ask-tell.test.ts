import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { type AskTellOptions, runAskTell } from '../../cli/ask-tell/ask-tell.ts';
import { linesOf } from '../../cli/ask-tell/lines.ts';
import { readOutcome } from '../../cli/ask-tell/outcome.ts';
import { SpecError } from '../../core/errors.ts';
import type { Objective } from '../../core/experiment.ts';
import { categorical, discrete, double, int, problemOf } from '../algorithms/spaces.ts';

const objective: Objective = { type: 'maximize', objectiveMetricName: 'accuracy' };

const defaults: Omit<AskTellOptions, 'input' | 'output'> = {
  problem: problemOf(double(0.01, 0.1), int(1, 8), discrete('0.10', '0.5'), categorical('adam', 'sgd')),
  algorithm: { algorithmName: 'random' },
  objective,
  seed: 'seed',
  maxTrials: null,
};

type Answer = Record<string, unknown> & {
  suggestions?: {
    name: string;
    parameters: Record<string, number | string>;
    labels?: Record<string, string>;
  }[];
  error?: { code: string; message: string };
};

/** The answers to lines, objects among them written as JSON. */
async function converse(
  lines: readonly (string | object)[],
  options: Partial<AskTellOptions> = {},
): Promise<Answer[]> {
  const answers: Answer[] = [];
  const text = lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line)));
  const input = Readable.from(text.map((line) => `${line}\n`));
  const output = (line: string): void => void answers.push(JSON.parse(line) as Answer);
  await runAskTell({ ...defaults, ...options, input, output });
  return answers;
}

/** The answer to the last of the lines. */
async function lastAnswer(
  lines: readonly (string | object)[],
  options: Partial<AskTellOptions> = {},
): Promise<Answer | undefined> {
  return (await converse(lines, options)).at(-1);
}

const ASK = { op: 'ask' };

describe('ask', () => {
  it('gives named suggestions, numbers as numbers and categories as text', async () => {
    const [answer] = await converse([{ op: 'ask', count: 2 }]);
    expect(answer?.suggestions?.map(({ name }) => name)).toEqual(['t-1', 't-2']);
    for (const { parameters } of answer?.suggestions ?? []) {
      expect(Object.keys(parameters)).toEqual(['p0', 'p1', 'p2', 'p3']);
      expect(parameters['p0']).toBeTypeOf('number');
      expect([1, 2, 3, 4, 5, 6, 7, 8]).toContain(parameters['p1']);
      expect([0.1, 0.5]).toContain(parameters['p2']);
      expect(['adam', 'sgd']).toContain(parameters['p3']);
    }
  });

  it('gives one suggestion where no count is given, and goes on counting', async () => {
    const answers = await converse([ASK, ASK]);
    expect(answers.map(({ suggestions }) => suggestions?.map(({ name }) => name))).toEqual([
      ['t-1'],
      ['t-2'],
    ]);
  });

  it('says when the space is used up', async () => {
    const answers = await converse([{ op: 'ask', count: 2 }, { op: 'ask', count: 2 }, ASK], {
      problem: problemOf(int(1, 3)),
    });
    expect(answers.map(({ suggestions }) => suggestions?.length)).toEqual([2, 1, 0]);
    expect(answers.map(({ exhausted }) => exhausted)).toEqual([undefined, true, true]);
    expect(answers[2]).toEqual({ suggestions: [], exhausted: true });
  });

  it('tells from which trial another goes on, and waits for results where it must', async () => {
    const algorithmSettings = [{ name: 'resource_name', value: 'p1' }];
    const options = {
      algorithm: { algorithmName: 'hyperband', algorithmSettings },
      problem: problemOf(int(1, 2), int(1, 3)),
    };
    const tell = (name: string, value: number): object => ({ op: 'tell', name, value });
    const [first, waiting, , , after] = await converse(
      [{ op: 'ask', count: 2 }, ASK, tell('t-1', 0.1), tell('t-2', 0.9), ASK],
      options,
    );
    expect(first?.suggestions).toMatchObject([
      { name: 't-1', parameters: { p1: 1 }, labels: { 'katydid.dev/bracket': '0', 'katydid.dev/rung': '0' } },
      { name: 't-2', parameters: { p1: 1 } },
    ]);
    expect(waiting).toEqual({ suggestions: [] });
    expect(after?.suggestions).toMatchObject([
      {
        name: 't-3',
        parameters: { p1: 3 },
        labels: { 'katydid.dev/rung': '1', 'katydid.dev/parent': 't-1' },
      },
    ]);
  });

  it('stops at the limit of trials', async () => {
    const answers = await converse([{ op: 'ask', count: 3 }, { op: 'ask', count: 3 }, ASK], { maxTrials: 4 });
    expect(answers.map(({ suggestions }) => suggestions?.length)).toEqual([3, 1, 0]);
    expect(answers[2]).toEqual({ suggestions: [], exhausted: true });
  });

  it('gives the same answers for the same seed and others for another', async () => {
    const lines = [ASK, { op: 'tell', name: 't-1', value: 1 }, { op: 'ask', count: 3 }];
    const answers = await converse(lines);
    expect(await converse(lines)).toEqual(answers);
    expect(await converse(lines, { seed: 'other' })).not.toEqual(answers);
  });

  it.each([0, -1, 1.5, '2', null, 1e9])('refuses the count %o', async (count) =>
    expect((await lastAnswer([{ op: 'ask', count }]))?.error).toMatchObject({
      code: 'ASK_TELL_INVALID_COUNT',
      message: expect.stringContaining(`count is ${JSON.stringify(count)}.`) as string,
    }),
  );
});

describe('tell', () => {
  it.each<[string, object]>([
    ['a value', { value: 0.93 }],
    ['a value in quotes', { value: '9.3e-1' }],
    ['a training that came to NaN', { value: 'NaN' }],
    ['a training that came to infinity', { value: '-Infinity' }],
    ['metrics', { values: { loss: 0.1, accuracy: 0.93 } }],
    [
      'a curve',
      {
        curve: [
          [1, 0.5],
          [2, 'nan'],
          [3, 0.9],
        ],
      },
    ],
    ['a failure', { status: 'Failed' }],
    ['a failure with a value', { status: 'Failed', value: 3 }],
    ['an early stop', { status: 'EarlyStopped', curve: [[1, 0.5]] }],
    ['a success by name', { status: 'Succeeded', value: 1 }],
  ])('takes %s', async (_, outcome) =>
    expect(await lastAnswer([ASK, { op: 'tell', name: 't-1', ...outcome }])).toEqual({ ok: true }),
  );

  it.each<[string, string | object, string, string]>([
    ['no value', { value: undefined }, 'ASK_TELL_INVALID_VALUE', 'tell has no value.'],
    ['a value that is no number', { value: 'high' }, 'ASK_TELL_INVALID_VALUE', 'value is "high".'],
    ['null', { value: null }, 'ASK_TELL_INVALID_VALUE', 'value is null.'],
    [
      'two kinds of value',
      { value: 1, curve: [[1, 1]] },
      'ASK_TELL_INVALID_VALUE',
      'tell has value and curve.',
    ],
    ['another metric', { values: { acuracy: 1 } }, 'ASK_TELL_INVALID_VALUE', 'Did you mean "acuracy"?'],
    [
      'no metrics',
      { values: {} },
      'ASK_TELL_INVALID_VALUE',
      'values has no "accuracy", the objective. Add it.',
    ],
    ['an empty curve', { curve: [] }, 'ASK_TELL_INVALID_VALUE', 'curve is [].'],
    ['a curve without steps', { curve: [0.5] }, 'ASK_TELL_INVALID_VALUE', 'curve[0] is 0.5.'],
    ['a curve with a gap', { curve: [[1, 1], [2]] }, 'ASK_TELL_INVALID_VALUE', 'curve[1][1] is missing.'],
    ['a status that there is not', { status: 'failed' }, 'ASK_TELL_INVALID_STATUS', 'Did you mean "Failed"?'],
    ['a field that there is not', { vale: 1 }, 'ASK_TELL_UNKNOWN_FIELD', 'Did you mean "value"?'],
    ['a name that was not suggested', { name: 't-9', value: 1 }, 'ASK_TELL_UNKNOWN_NAME', 't-1 to t-1.'],
    ['a number as name', { name: 1, value: 1 }, 'ASK_TELL_INVALID_MESSAGE', 'name is 1.'],
    ['no name', { name: undefined, value: 1 }, 'ASK_TELL_INVALID_MESSAGE', 'neither name nor parameters'],
    ['name and parameters', { parameters: {}, value: 1 }, 'ASK_TELL_INVALID_MESSAGE', 'both'],
  ])('refuses %s and goes on', async (_, fields, code, part) => {
    const bad = { op: 'tell', name: 't-1', ...(fields as object) };
    const [, refused, told] = await converse([ASK, bad, { op: 'tell', name: 't-1', value: 1 }]);
    expect(refused?.error).toMatchObject({ code, message: expect.stringContaining(part) as string });
    expect(told).toEqual({ ok: true });
  });

  it('takes an outcome once', async () => {
    const tell = { op: 'tell', name: 't-1', value: 1 };
    expect((await lastAnswer([ASK, tell, tell]))?.error).toEqual({
      code: 'ASK_TELL_ALREADY_TOLD',
      message: 'The outcome of t-1 was told before. Tell each outcome once.',
    });
  });

  it('takes points of the program’s own, which are not suggested again', async () => {
    const problem = problemOf(int(1, 3));
    const own = { op: 'tell', parameters: { p0: 2 }, value: 0.5 };
    const answers = await converse([own, { op: 'ask', count: 3 }], { problem });
    expect(answers[0]).toEqual({ ok: true });
    expect(answers[1]?.suggestions?.map(({ parameters }) => parameters['p0']).toSorted()).toEqual([1, 3]);
  });

  it.each([
    [{ p0: 9 }, 'Parameter p0 does not take the value "9". Give it a whole number from 1 to 3'],
    [{}, 'Parameter p0 has no value.'],
    [{ p0: true }, 'Parameter p0 is true.'],
    ['p0=1', 'parameters is "p0=1".'],
  ])('refuses the point %o', async (parameters, part) => {
    const answer = await lastAnswer([{ op: 'tell', parameters, value: 1 }], {
      problem: problemOf(int(1, 3)),
    });
    expect(answer?.error).toMatchObject({
      code: 'PARAMETER_INVALID',
      message: expect.stringContaining(part) as string,
    });
  });
});

describe('the outcome of a trial', () => {
  const curve = [
    [1, 0.5],
    [2, 0.9],
    [3, 'NaN'],
    [4, 0.7],
  ];
  const latest = { name: 'accuracy', value: 'latest' } as const;

  it.each<[string, Partial<Objective>, object, object]>([
    ['the best value of a curve', {}, { curve }, { state: 'succeeded', value: 0.9 }],
    ['the lowest where that is better', { type: 'minimize' }, { curve }, { state: 'succeeded', value: 0.5 }],
    [
      'the last where that is asked for',
      { metricStrategies: [latest] },
      { curve },
      { state: 'succeeded', value: 0.7 },
    ],
    [
      'an early stop with what it came to',
      {},
      { status: 'EarlyStopped', curve },
      { state: 'earlyStopped', value: 0.9 },
    ],
    [
      'the objective among the metrics',
      {},
      { values: { loss: 3, accuracy: 0.4 } },
      { state: 'succeeded', value: 0.4 },
    ],
    [
      'a failure, whatever the value',
      {},
      { status: 'Failed', value: 0.4 },
      { state: 'failed', value: Number.NaN },
    ],
    ['a failure for NaN', {}, { value: 'NaN' }, { state: 'failed', value: Number.NaN }],
    ['a failure for a curve of NaN', {}, { curve: [[1, 'NaN']] }, { state: 'failed', value: Number.NaN }],
    ['a failure for infinity', {}, { value: '+Inf' }, { state: 'failed', value: Number.NaN }],
  ])('is %s', (_, more, fields, outcome) =>
    expect(readOutcome({ ...fields }, { ...objective, ...more })).toEqual(outcome),
  );
});

describe('the conversation', () => {
  it.each([
    ['{"op":"ask"', 'ASK_TELL_INVALID_JSON', 'The line is not JSON.'],
    ['{"op":"tell","name":"t-1","value":NaN}', 'ASK_TELL_INVALID_JSON', 'write "NaN"'],
    ['[1]', 'ASK_TELL_INVALID_JSON', 'not a JSON object'],
    ['null', 'ASK_TELL_INVALID_JSON', 'not a JSON object'],
    ['{"op":"aks"}', 'ASK_TELL_UNKNOWN_OP', 'Did you mean "ask"?'],
    ['{}', 'ASK_TELL_UNKNOWN_OP', 'op is missing.'],
    ['{"op":"ask","cuont":1}', 'ASK_TELL_UNKNOWN_FIELD', 'Did you mean "count"?'],
  ])('survives the line %s', async (line, code, part) => {
    const [refused, answer] = await converse([line, ASK]);
    expect(refused?.error).toMatchObject({ code, message: expect.stringContaining(part) as string });
    expect(answer?.suggestions?.[0]?.name).toBe('t-1');
  });

  it('skips blank lines', async () => expect(await converse(['', '  ', ASK])).toHaveLength(1));

  it('refuses an algorithm that cannot search the space before it begins', async () => {
    const algorithm = { algorithmName: 'grid' };
    await expect(converse([], { algorithm })).rejects.toThrow(SpecError);
  });
});

describe('lines', () => {
  async function linesFrom(chunks: readonly (string | Uint8Array)[]): Promise<string[]> {
    return Array.fromAsync(linesOf(Readable.from(chunks)));
  }

  it.each<[string, (string | Uint8Array)[], string[]]>([
    ['cut anywhere', ['a', 'b\nc', '\n\nd\n'], ['ab', 'c', '', 'd']],
    ['without an end', ['a\nb'], ['a', 'b']],
    ['with carriage returns', ['a\r\nb\r', '\nc\r'], ['a', 'b', 'c']],
    ['of bytes, a character cut in two', [Uint8Array.of(0xc3), Uint8Array.of(0xa9, 0x0a)], ['é']],
    ['of an empty stream', [], []],
  ])('are found %s', async (_, chunks, expected) => expect(await linesFrom(chunks)).toEqual(expected));
});
