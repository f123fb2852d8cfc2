import { once } from 'node:events';
import type { Readable } from 'node:stream';
import type { Request, Response } from 'express';
import type { Answer } from '../route.ts';
import { hasTag, textTag } from './entity-tag.ts';

/** Sends the answer; a GET that has not changed since is answered with 304. */
export async function sendAnswer(request: Request, response: Response, answer: Answer): Promise<void> {
  response.status(answer.status).set({ ...answer.headers });
  if (answer.stream) return sendStream(request, response, answer.stream);
  if (answer.body === undefined) {
    response.end();
    return;
  }
  const text = JSON.stringify(answer.body);
  const isRead = request.method === 'GET' || request.method === 'HEAD';
  if (isRead && answer.status === 200) {
    const tag = answer.headers?.['etag'] ?? textTag(text);
    response.set({ etag: tag, 'cache-control': 'no-cache' });
    if (hasTag(request.headers['if-none-match'] ?? '', tag)) {
      response.status(304).end();
      return;
    }
  }
  response.type('application/json').send(text);
}

/** Each piece is on its way before the next is read, so that a stream that pauses hides nothing. */
async function sendStream(request: Request, response: Response, stream: Readable): Promise<void> {
  response.flushHeaders();
  if (request.method === 'HEAD') {
    stream.destroy();
    response.end();
    return;
  }
  const gone = (): void => void stream.destroy();
  response.once('close', gone);
  try {
    for await (const piece of stream) {
      const isRoomLeft = response.write(piece);
      response.flush();
      if (!isRoomLeft && !response.destroyed)
        await Promise.race([once(response, 'drain'), once(response, 'close')]);
      if (response.destroyed) return;
    }
    response.end();
  } catch (error) {
    // The client has gone, and the stream was ended for that.
    if (!response.destroyed) throw error;
  } finally {
    response.off('close', gone);
  }
}
