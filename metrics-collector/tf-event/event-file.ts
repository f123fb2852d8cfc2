import { open } from 'node:fs/promises';
import { errorMessage } from '../../core/errors.ts';
import { readEvent, type ScalarEvent } from './event.ts';
import { createRecordReader } from './record-reader.ts';

const READ_SIZE = 65_536;

/** An event file that may still grow. */
export interface EventFile {
  /** The events of each piece written since the last call. A record that is not complete yet is waited for. */
  readNew(): AsyncGenerator<ScalarEvent[]>;
  /** The file ends inside a record, so far. */
  readonly isInsideRecord: boolean;
}

/** `onProblem` is told of damaged records; errors of the file system are thrown by `readNew`. */
export function createEventFile(path: string, onProblem: (description: string) => void): EventFile {
  const records = createRecordReader(onProblem);
  let position = 0;
  return {
    async *readNew() {
      await using handle = await open(path, 'r');
      for (;;) {
        const buffer = Buffer.allocUnsafe(READ_SIZE);
        const { bytesRead } = await handle.read(buffer, 0, READ_SIZE, position);
        if (bytesRead === 0) return;
        position += bytesRead;
        yield records
          .push(buffer.subarray(0, bytesRead))
          .flatMap((payload) => readPayload(payload, onProblem));
      }
    },
    get isInsideRecord() {
      return records.isInsideRecord;
    },
  };
}

function readPayload(payload: Uint8Array, onProblem: (description: string) => void): ScalarEvent[] {
  try {
    return [readEvent(payload)];
  } catch (error) {
    onProblem(`damaged event: ${errorMessage(error)}`);
    return [];
  }
}
