import { maskedCrc32c } from './crc32c.ts';

/*
 * TFRecord framing, little endian: length (8 bytes), masked CRC-32C of the length (4), payload, masked CRC-32C of the
 * payload (4). https://www.tensorflow.org/tutorials/load_data/tfrecord
 */
const HEADER_SIZE = 12;
const CHECKSUM_SIZE = 4;

/** Scalars fit in a few hundred bytes; what is larger (graphs, images) is passed over without being held in memory. */
export const MAX_PAYLOAD_SIZE = 1_048_576;

export type RecordProblem = 'damaged record header' | 'damaged record';

/** Cuts the bytes of a record file into payloads. Where the chunks were cut makes no difference. */
export interface RecordReader {
  /** Payloads that `chunk` completes. */
  push(chunk: Uint8Array): Uint8Array[];
  /** The file ends inside a record, so far. */
  readonly isInsideRecord: boolean;
}

/**
 * A payload with a wrong checksum is left out. After a wrong header nothing can be found any more: the rest of the file
 * is ignored. Both are told to `onProblem`.
 */
export function createRecordReader(onProblem: (problem: RecordProblem) => void): RecordReader {
  let buffered: Uint8Array = new Uint8Array(0);
  let bytesToSkip = 0;
  let isLost = false;

  /** The record at `at`: its end and payload, `incomplete` while bytes are missing. */
  const recordAt = (at: number): { end: number; payload: Uint8Array | null } | 'incomplete' | 'lost' => {
    if (buffered.length < at + HEADER_SIZE) return 'incomplete';
    const length = payloadLength(buffered.subarray(at, at + HEADER_SIZE));
    if (length === null) return 'lost';
    const end = at + HEADER_SIZE + length + CHECKSUM_SIZE;
    if (length > MAX_PAYLOAD_SIZE) return { end, payload: null };
    if (buffered.length < end) return 'incomplete';
    return { end, payload: checkedPayload(buffered.subarray(at + HEADER_SIZE, end)) ?? damaged() };
  };
  const damaged = (): null => {
    onProblem('damaged record');
    return null;
  };

  const takeRecords = (): Uint8Array[] => {
    const payloads: Uint8Array[] = [];
    let at = 0;
    for (;;) {
      const record = recordAt(at);
      if (record === 'incomplete') break;
      if (record === 'lost') {
        isLost = true;
        onProblem('damaged record header');
        break;
      }
      if (record.payload) payloads.push(record.payload);
      at = record.end;
    }
    bytesToSkip = Math.max(0, at - buffered.length);
    buffered = isLost ? new Uint8Array(0) : buffered.slice(at);
    return payloads;
  };

  return {
    push(chunk) {
      if (isLost) return [];
      const skipped = Math.min(bytesToSkip, chunk.length);
      bytesToSkip -= skipped;
      buffered = concatenate(buffered, chunk.subarray(skipped));
      return bytesToSkip > 0 ? [] : takeRecords();
    },
    get isInsideRecord() {
      return bytesToSkip > 0 || buffered.length > 0;
    },
  };
}

/** Null where the checksum or the length itself is impossible. */
function payloadLength(header: Uint8Array): number | null {
  const view = viewOf(header);
  if (view.getUint32(8, true) !== maskedCrc32c(header.subarray(0, 8))) return null;
  const length = Number(view.getBigUint64(0, true));
  return Number.isSafeInteger(length) ? length : null;
}

function checkedPayload(payloadAndChecksum: Uint8Array): Uint8Array | null {
  const payload = payloadAndChecksum.slice(0, -CHECKSUM_SIZE);
  const checksum = viewOf(payloadAndChecksum).getUint32(payload.length, true);
  return checksum === maskedCrc32c(payload) ? payload : null;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function concatenate(first: Uint8Array, second: Uint8Array): Uint8Array {
  if (first.length === 0) return second;
  const joined = new Uint8Array(first.length + second.length);
  joined.set(first);
  joined.set(second, first.length);
  return joined;
}
