import { describe, expect, it } from 'vitest';
import { OutputPipe } from '../../../local/kubelet/output-pipe.ts';
import { OutputTap } from '../../../local/kubelet/output-tap.ts';

const MEBIBYTE = Buffer.alloc(1024 * 1024);

async function lengths(pipe: AsyncIterable<Uint8Array>): Promise<number[]> {
  const found: number[] = [];
  for await (const chunk of pipe) found.push(chunk.length);
  return found;
}

describe('an output pipe', () => {
  it('gives everything that was written before it was read', async () => {
    const pipe = new OutputPipe();
    for (const length of [1, 2, 3]) expect(pipe.write(Buffer.alloc(length))).toBeUndefined();
    pipe.end();
    expect(await lengths(pipe)).toEqual([1, 2, 3]);
  });

  it('lets others have their turn between two chunks', async () => {
    const pipe = new OutputPipe();
    for (const length of [1, 2]) void pipe.write(Buffer.alloc(length));
    pipe.end();
    const order: string[] = [];
    setImmediate(() => order.push('another'));
    for await (const chunk of pipe) order.push(`chunk of ${chunk.length}`);
    expect(order).toEqual(['chunk of 1', 'another', 'chunk of 2']);
  });

  it('makes the writer wait for a slow reader', async () => {
    const pipe = new OutputPipe();
    const held = pipe.write(MEBIBYTE);
    expect(held).toBeInstanceOf(Promise);
    const reading = lengths(pipe);
    await held;
    pipe.end();
    expect(await reading).toEqual([MEBIBYTE.length]);
  });

  it('lets the writer go on when the reader leaves', async () => {
    const pipe = new OutputPipe();
    const held = pipe.write(MEBIBYTE);
    const iterator = pipe[Symbol.asyncIterator]();
    await iterator.next();
    await iterator.return();
    await held;
    expect(pipe.write(MEBIBYTE)).toBeUndefined();
    expect(pipe.ended.aborted).toBe(true);
  });
});

describe('an output tap', () => {
  it('gives a pipe for each start, and none when nobody listens any more', async () => {
    const tap = new OutputTap();
    void tap.start(0)?.write(Buffer.alloc(1));
    tap.start(1);
    tap.end();
    expect(tap.start(2)).toBeUndefined();
    const starts: number[] = [];
    for await (const { restartCount } of tap) starts.push(restartCount);
    expect(starts).toEqual([0, 1]);
  });
});
