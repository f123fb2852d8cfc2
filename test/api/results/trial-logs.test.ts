import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { PodLogLine, PodLogQuery } from '../../../api/pod-log-source.ts';
import { TRIAL_LABEL } from '../../../core/labels.ts';
import { PODS } from '../../../kube/resource.ts';
import { startRestServer, type RestServer } from '../../support/rest-server.ts';
import { storeExperiment, storeTrial, TRIALS_PATH } from '../fixtures.ts';

const PATH = `${TRIALS_PATH}/exp-0/logs`;

/** Containers that print when the test says so. */
function createOutputs(): {
  print: (container: string, text: string) => void;
  end: (container: string) => void;
  read: (query: PodLogQuery) => AsyncGenerator<PodLogLine>;
  readers: () => number;
} {
  const lines = new Map<string, string[]>();
  const ended = new Set<string>();
  let wake = Promise.withResolvers<undefined>();
  let readers = 0;
  const tell = (): void => {
    wake.resolve(undefined);
    wake = Promise.withResolvers();
  };
  return {
    print: (container, text) => {
      lines.set(container, [...(lines.get(container) ?? []), text]);
      tell();
    },
    end: (container) => {
      ended.add(container);
      tell();
    },
    readers: () => readers,
    async *read({ container, follow, signal }) {
      readers++;
      signal?.addEventListener('abort', tell);
      try {
        for (let at = 0; ; at++) {
          while (
            follow &&
            !signal?.aborted &&
            !ended.has(container) &&
            at >= (lines.get(container)?.length ?? 0)
          )
            await wake.promise;
          const text = lines.get(container)?.[at];
          if (text === undefined || signal?.aborted) return;
          yield { time: '2026-01-01T00:00:00.000Z', stream: 'stdout', text };
        }
      } finally {
        readers--;
      }
    },
  };
}

let server: RestServer;
let outputs: ReturnType<typeof createOutputs>;
beforeEach(async () => {
  outputs = createOutputs();
  server = await startRestServer({ more: { logs: outputs } });
  await storeExperiment(server.client);
  await storeTrial(server.client, { index: 0, state: 'Running' });
  const containers = ['chief', 'side'].map((name) => ({ name, image: 'none' }));
  await server.client.create(PODS, {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'pod', namespace: 'default', labels: { [TRIAL_LABEL]: 'exp-0' } },
    spec: { containers },
  });
});
afterEach(() => server.close());

/** Reads until `wanted` stands in what came. */
async function follow(
  path: string,
): Promise<{ until: (wanted: string) => Promise<string>; cut: () => void }> {
  const cutting = new AbortController();
  const response = await server.fetch(path, { signal: cutting.signal });
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  return {
    cut: () => cutting.abort(),
    async until(wanted) {
      while (!text.includes(wanted)) {
        const piece = await reader?.read();
        if (piece?.value === undefined) throw new Error(`ended before ${wanted}: ${text}`);
        text += piece.value;
      }
      return text;
    },
  };
}

describe('the output of a running trial', () => {
  it('is what is there, without follow', async () => {
    outputs.print('chief', 'epoch 1');
    expect(await (await server.fetch(`${PATH}?container=chief`)).text()).toBe('epoch 1\n');
  });

  it('is followed as it is printed, of all containers at once', async () => {
    outputs.print('chief', 'epoch 1');
    const { until } = await follow(`${PATH}?follow=true`);
    await until('[pod/chief] epoch 1\n');
    outputs.print('side', 'ready');
    await until('[pod/side] ready\n');
    outputs.print('chief', 'epoch 2');
    await until('[pod/chief] epoch 2\n');
  });

  it('is followed until the containers have ended', async () => {
    const answer = server.fetch(`${PATH}?follow=true&container=chief`).then((response) => response.text());
    outputs.print('chief', 'last words');
    outputs.end('chief');
    expect(await answer).toBe('last words\n');
  });

  it('is read no longer when the client has gone', async () => {
    outputs.print('chief', 'epoch 1');
    const { until, cut } = await follow(`${PATH}?follow=true`);
    await until('epoch 1');
    expect(outputs.readers()).toBe(2);
    cut();
    await expect.poll(() => outputs.readers()).toBe(0);
  });
});
