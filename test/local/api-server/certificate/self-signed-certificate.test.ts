import { createPrivateKey, X509Certificate } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import {
  integer,
  objectIdentifier,
  octetString,
  time,
} from '../../../../local/api-server/certificate/der.ts';
import { createSelfSignedCertificate } from '../../../../local/api-server/certificate/self-signed-certificate.ts';

const NOW_MS = Date.parse('2026-01-01T00:00:00Z');

describe('self-signed certificate', () => {
  const { cert, key } = createSelfSignedCertificate(NOW_MS);
  const certificate = new X509Certificate(cert);

  it('is for this computer alone', () => {
    expect(certificate.checkIP('127.0.0.1')).toBe('127.0.0.1');
    expect(certificate.checkIP('::1')).toBe('::1');
    expect(certificate.checkHost('localhost')).toBe('localhost');
    expect(certificate.checkHost('example.com')).toBeUndefined();
    expect(certificate.checkIP('127.0.0.2')).toBeUndefined();
  });

  it('is signed by itself, with the key that comes with it', () => {
    expect(certificate.verify(certificate.publicKey)).toBe(true);
    expect(certificate.checkPrivateKey(createPrivateKey(key))).toBe(true);
    expect(certificate.checkIssued(certificate)).toBe(true);
  });

  it('is valid for ten years, from a day ago', () => {
    expect(certificate.validFromDate.toISOString()).toBe('2025-12-31T00:00:00.000Z');
    expect(certificate.validToDate.toISOString()).toBe('2035-12-30T00:00:00.000Z');
  });
});

describe('DER', () => {
  it.each([
    ['zero', integer(Buffer.from([0, 0])), '020100'],
    ['a number whose first bit is set', integer(Buffer.from([0x80])), '02020080'],
    ['an object identifier', objectIdentifier('1.2.840.10045.4.3.2'), '06082a8648ce3d040302'],
    ['a time of this century', time(NOW_MS), `170d${Buffer.from('260101000000Z').toString('hex')}`],
    [
      'a time after 2049',
      time(Date.parse('2050-01-01T00:00:00Z')),
      `180f${Buffer.from('20500101000000Z').toString('hex')}`,
    ],
    ['a length of two bytes', octetString(Buffer.alloc(300)).subarray(0, 4), '0482012c'],
  ])('%s', (_case, bytes, hex) => {
    expect(bytes.toString('hex')).toBe(hex);
  });
});
