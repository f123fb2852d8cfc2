import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { createEventFile } from '../../../metrics-collector/tf-event/event-file.ts';
import { temporaryFolder } from '../../support/command.ts';

/** Files as programs of others write them, in base64. */
const FILES = {
  'tensorboardX 2.6':
    'GAAAAAAAAACjf0siCSDasFhTwdpBGg1icmFpbi5FdmVudDoydMvK7xgAAAAAAAAAo39LIgna47BYU8HaQSoNCgsKBGxvc3MVAAAAP4unQ+geAAAAAAAA' +
    'ANncEjIJ8uewWFPB2kEQASoRCg8KCHZhbC9sb3NzFTMzMz9L1PHcGgAAAAAAAAASm9gtCWz6sFhTwdpBEAIqDQoLCgRsb3NzFQAAwH9gTCnm',
  // Scalars are tensors, as TensorFlow 2 writes them.
  'tensorboard 2.21':
    'SAAAAAAAAAD+kkidCduTu1hTwdpBGg1icmFpbi5FdmVudDoyUi4KLHRlbnNvcmJvYXJkLnN1bW1hcnkud3JpdGVyLmV2ZW50X2ZpbGVfd3JpdGVy471h' +
    'XDQAAAAAAAAAXjMXXAkxm7tYU8HaQRAFKicKJQoIYWNjdXJhY3lCCggBEgAqBGZmZj9KDQoJCgdzY2FsYXJzIAEAHGA+NAAAAAAAAABeMxdcCQSeu1hT' +
    'wdpBEAYqJwolCghhY2N1cmFjeUIKCAESACoEzcxsP0oNCgkKB3NjYWxhcnMgATD6Mko=',
};

it.each([
  ['tensorboardX 2.6', ['loss 0.5 @0', 'val/loss 0.7 @1', 'loss NaN @2']],
  ['tensorboard 2.21', ['accuracy 0.9 @5', 'accuracy 0.925 @6']],
] as const)('reads what %s has written', async (writer, expected) => {
  using folder = temporaryFolder();
  const file = path.join(folder.path, 'events.out.tfevents.1.host');
  writeFileSync(file, Buffer.from(FILES[writer], 'base64'));
  const problems: string[] = [];
  const events = createEventFile(file, (problem) => problems.push(problem));
  const scalars: string[] = [];
  for await (const batch of events.readNew())
    for (const { step, scalars: found } of batch)
      scalars.push(...found.map(({ tag, value }) => `${tag} ${value} @${step}`));
  expect(scalars).toEqual(expected);
  expect(problems).toEqual([]);
  expect(events.isInsideRecord).toBe(false);
});
