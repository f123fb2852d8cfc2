import { generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import {
  bitString,
  boolean,
  explicit,
  implicit,
  integer,
  objectIdentifier,
  octetString,
  sequence,
  set,
  time,
  utf8String,
} from './der.ts';

/** PEM. The certificate is its own authority. */
export interface CertificateAndKey {
  readonly cert: string;
  readonly key: string;
}

const OID = {
  commonName: '2.5.4.3',
  ecdsaWithSha256: '1.2.840.10045.4.3.2',
  keyUsage: '2.5.29.15',
  subjectAltName: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  extendedKeyUsage: '2.5.29.37',
  serverAuth: '1.3.6.1.5.5.7.3.1',
} as const;

const DAY_MS = 24 * 60 * 60 * 1000;
const VALID_DAYS = 3650;
const LOOPBACK_IPV4 = Buffer.from([127, 0, 0, 1]);
const LOOPBACK_IPV6 = Buffer.concat([Buffer.alloc(15), Buffer.from([1])]);

/**
 * A certificate (X.509 v3, RFC 5280) for `localhost`, 127.0.0.1 and ::1, with a new key on P-256, for ten years. Not
 * deterministic.
 */
export function createSelfSignedCertificate(nowMs: number): CertificateAndKey {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const body = toBeSigned(publicKey, nowMs);
  const signature = sign('sha256', body, privateKey);
  const certificate = sequence(body, signatureAlgorithm(), bitString(signature));
  return {
    cert: pem('CERTIFICATE', certificate),
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}

function toBeSigned(publicKey: KeyObject, nowMs: number): Buffer {
  const version3 = explicit(0, integer(Buffer.from([2])));
  const name = sequence(set(sequence(objectIdentifier(OID.commonName), utf8String('katydid'))));
  // Begins a day early, for clients whose clock is behind.
  const validity = sequence(time(nowMs - DAY_MS), time(nowMs + VALID_DAYS * DAY_MS));
  return sequence(
    version3,
    integer(randomBytes(16)),
    signatureAlgorithm(),
    name,
    validity,
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    explicit(3, sequence(...extensions())),
  );
}

function signatureAlgorithm(): Buffer {
  return sequence(objectIdentifier(OID.ecdsaWithSha256));
}

function extensions(): Buffer[] {
  const isAuthority = sequence(boolean(true));
  // Bits 0 (digitalSignature) and 5 (keyCertSign) of six.
  const usage = bitString(Buffer.from([0b1000_0100]), 2);
  const names = sequence(
    implicit(2, Buffer.from('localhost')),
    implicit(7, LOOPBACK_IPV4),
    implicit(7, LOOPBACK_IPV6),
  );
  return [
    extension(OID.basicConstraints, isAuthority, { critical: true }),
    extension(OID.keyUsage, usage, { critical: true }),
    extension(OID.extendedKeyUsage, sequence(objectIdentifier(OID.serverAuth))),
    extension(OID.subjectAltName, names),
  ];
}

function extension(oid: string, value: Buffer, { critical = false } = {}): Buffer {
  return sequence(objectIdentifier(oid), ...(critical ? [boolean(true)] : []), octetString(value));
}

function pem(label: string, bytes: Buffer): string {
  const lines = bytes.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}
