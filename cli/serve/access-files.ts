import { X509Certificate, randomBytes } from 'node:crypto';
import { chmodSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type CertificateAndKey,
  createSelfSignedCertificate,
} from '../../local/api-server/certificate/self-signed-certificate.ts';
import type { DataDirectory } from '../data-directory.ts';

/** For their owner alone: who can read them can start programs as the owner. */
const PRIVATE = 0o600;
/** A certificate that ends sooner than this is made anew. */
const RENEWAL_MS = 30 * 24 * 60 * 60 * 1000;

/** The bearer token of this data directory: made once, so that what clients keep of it stays good. */
export function accessToken(directory: DataDirectory): string {
  const file = join(directory.path, 'token');
  const kept = readOrNull(file)?.trim();
  const token = kept ? kept : randomBytes(32).toString('base64url');
  if (kept) chmodSync(file, PRIVATE);
  else writePrivate(file, `${token}\n`);
  return token;
}

/** The certificate of this data directory: kept as long as it is valid. kubectl sends tokens over TLS only. */
export function serverCertificate(directory: DataDirectory, nowMs: number): CertificateAndKey {
  const certFile = join(directory.path, 'tls.crt');
  const keyFile = join(directory.path, 'tls.key');
  const kept = { cert: readOrNull(certFile) ?? '', key: readOrNull(keyFile) ?? '' };
  if (isUsable(kept, nowMs)) return kept;
  const made = createSelfSignedCertificate(nowMs);
  writePrivate(keyFile, made.key);
  writePrivate(certFile, made.cert);
  return made;
}

/** What a client of the servers of this data directory needs; empty where they never ran. */
export function readAccess(directory: DataDirectory): { token: string; certificate: string } {
  return {
    token: readOrNull(join(directory.path, 'token'))?.trim() ?? '',
    certificate: readOrNull(join(directory.path, 'tls.crt')) ?? '',
  };
}

function isUsable({ cert, key }: CertificateAndKey, nowMs: number): boolean {
  if (key === '') return false;
  try {
    const { validFromDate, validToDate } = new X509Certificate(cert);
    // One that was made while the clock was ahead is not valid yet.
    return validFromDate.getTime() <= nowMs && validToDate.getTime() - RENEWAL_MS > nowMs;
  } catch {
    return false;
  }
}

function readOrNull(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}

/** Whole or not at all, and never readable for others, however the process ends. */
export function writePrivate(file: string, text: string): void {
  const temporary = `${file}.${process.pid}.new`;
  writeFileSync(temporary, text, { mode: PRIVATE });
  chmodSync(temporary, PRIVATE);
  renameSync(temporary, file);
}
