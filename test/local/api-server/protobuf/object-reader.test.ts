import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readProtobufObject, UnknownMessage } from '../../../../local/api-server/protobuf/object-reader.ts';
import '../../../support/property-seed.ts';
import {
  flagField,
  integerField,
  messageField,
  textField,
} from '../../../../local/api-server/protobuf/writer.ts';
import { MalformedMessage } from '../../../../core/protobuf.ts';

/** An object as Kubernetes' clients send it: with what Go writes for fields that were not set. */
function sent(apiVersion: string, kind: string, fields: readonly Buffer[]): Buffer {
  const type = messageField(1, [textField(1, apiVersion), textField(2, kind)]);
  const rest = [textField(3, ''), textField(4, '')];
  return Buffer.concat([Buffer.from('k8s\0'), type, messageField(2, fields), ...rest]);
}

function entry(number: number, key: string, value: string): Buffer {
  return messageField(number, [textField(1, key), textField(2, value)]);
}

const UNSET_TEXTS = [textField(2, ''), textField(3, ''), integerField(7, 0), messageField(8, [])];

describe('an object in protobuf', () => {
  it.each<[string, Buffer, unknown]>([
    [
      'a Namespace',
      sent('v1', 'Namespace', [
        messageField(1, [textField(1, 'a'), ...UNSET_TEXTS]),
        messageField(2, []),
        messageField(3, [textField(1, '')]),
      ]),
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'a' } },
    ],
    [
      'a ConfigMap',
      sent('v1', 'ConfigMap', [
        messageField(1, [textField(1, 'a'), entry(11, 'l', '1'), entry(11, 'm', ''), textField(14, 'f')]),
        entry(2, 'k', 'v'),
        entry(2, '__proto__', 'w'),
        entry(3, 'b', '\u0001'),
      ]),
      {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'a', labels: { l: '1', m: '' }, finalizers: ['f'] },
        data: Object.fromEntries([
          ['k', 'v'],
          ['__proto__', 'w'],
        ]),
        binaryData: { b: 'AQ==' },
      },
    ],
    [
      'a Secret',
      sent('v1', 'Secret', [
        messageField(1, [textField(2, 'a-')]),
        entry(2, 'k', 'v'),
        textField(3, 'Opaque'),
        flagField(5, true),
      ]),
      {
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { generateName: 'a-' },
        data: { k: 'dg==' },
        type: 'Opaque',
        immutable: true,
      },
    ],
    [
      'a Job',
      sent('batch/v1', 'Job', [
        messageField(1, [textField(1, 'a')]),
        messageField(2, [
          integerField(1, 2),
          integerField(7, 0),
          messageField(6, [
            messageField(1, []),
            messageField(2, [
              messageField(2, [
                textField(1, 'main'),
                textField(3, 'echo'),
                textField(3, ''),
                messageField(7, [textField(1, 'X'), textField(2, '1')]),
                messageField(8, [
                  messageField(1, [textField(1, 'cpu'), messageField(2, [textField(1, '500m')])]),
                ]),
                textField(13, ''),
              ]),
              textField(3, 'Never'),
            ]),
          ]),
          flagField(10, false),
        ]),
        messageField(3, [integerField(4, 0)]),
      ]),
      {
        apiVersion: 'batch/v1',
        kind: 'Job',
        metadata: { name: 'a' },
        spec: {
          parallelism: 2,
          backoffLimit: 0,
          suspend: false,
          template: {
            spec: {
              restartPolicy: 'Never',
              containers: [
                {
                  name: 'main',
                  command: ['echo', ''],
                  env: [{ name: 'X', value: '1' }],
                  resources: { limits: { cpu: '500m' } },
                },
              ],
            },
          },
        },
      },
    ],
  ])('%s is read as its JSON would be', (_kind, bytes, object) => {
    expect(readProtobufObject(bytes)).toEqual(object);
  });

  it.each<[string, Buffer]>([
    ['another kind', sent('v1', 'Service', [])],
    ['no kind', sent('', '', [])],
    ['a field that is not known', sent('v1', 'ConfigMap', [textField(9, 'x')])],
    [
      'a field that is not known, further in',
      sent('v1', 'Namespace', [messageField(1, [textField(17, 'x')])]),
    ],
  ])('%s is not read in part', (_case, bytes) => {
    expect(() => readProtobufObject(bytes)).toThrow(UnknownMessage);
  });

  it.each<[string, Buffer]>([
    ['JSON', Buffer.from('{}')],
    ['bytes that end too early', sent('v1', 'ConfigMap', [textField(2, 'abc')]).subarray(0, 25)],
    ['a number for a text', sent('v1', 'Secret', [integerField(3, 1)])],
    ['a text for a number', sent('v1', 'Secret', [textField(5, 'yes')])],
  ])('%s is malformed', (_case, bytes) => {
    expect(() => readProtobufObject(bytes)).toThrow(MalformedMessage);
  });

  it('no bytes do worse than being refused', () => {
    const kinds = fc.constantFrom('v1 ConfigMap', 'v1 Secret', 'batch/v1 Job', 'v1 Namespace');
    fc.assert(
      fc.property(kinds, fc.uint8Array({ maxLength: 60 }), (kind, bytes) => {
        const [apiVersion = '', name = ''] = kind.split(' ');
        try {
          expect(readProtobufObject(sent(apiVersion, name, [Buffer.from(bytes)]))).toMatchObject({
            kind: name,
          });
        } catch (error) {
          expect(error instanceof MalformedMessage || error instanceof UnknownMessage, String(error)).toBe(
            true,
          );
        }
      }),
    );
  });
});
