import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { dataDirectory, type DataDirectory } from '../../../cli/data-directory.ts';
import { accessToken, serverCertificate } from '../../../cli/serve/access-files.ts';
import { writeKubeconfig } from '../../../cli/serve/kubeconfig-file.ts';

const NOW_MS = Date.parse('2026-01-01T00:00:00Z');
const TEN_YEARS_MS = 3650 * 24 * 60 * 60 * 1000;

let directory: DataDirectory;
beforeEach(() => {
  directory = dataDirectory(mkdtempSync(join(tmpdir(), 'katydid-test-')));
});
afterEach(() => rmSync(directory.path, { recursive: true, force: true }));

function mode(file: string): string {
  return (statSync(join(directory.path, file)).mode & 0o777).toString(8);
}

describe('the files that give access', () => {
  it('the token is made once, long, and for its owner alone', () => {
    const token = accessToken(directory);
    expect(token).toMatch(/^[\w-]{43}$/);
    expect(accessToken(directory)).toBe(token);
    expect(mode('token')).toBe('600');
  });

  it('a token file that others may read is closed', () => {
    writeFileSync(join(directory.path, 'token'), 'given\n', { mode: 0o644 });
    expect(accessToken(directory)).toBe('given');
    expect(mode('token')).toBe('600');
  });

  it('the certificate is kept while it is valid, and made anew before it ends or where it is broken', () => {
    const first = serverCertificate(directory, NOW_MS);
    expect(serverCertificate(directory, NOW_MS)).toEqual(first);
    expect([mode('tls.key'), mode('tls.crt')]).toEqual(['600', '600']);
    expect(serverCertificate(directory, NOW_MS + TEN_YEARS_MS).cert).not.toBe(first.cert);
    const ofClockAhead = serverCertificate(directory, NOW_MS + TEN_YEARS_MS);
    expect(serverCertificate(directory, NOW_MS), 'the clock was ahead').not.toEqual(ofClockAhead);
    writeFileSync(join(directory.path, 'tls.crt'), 'broken');
    expect(serverCertificate(directory, NOW_MS).cert).toContain('BEGIN CERTIFICATE');
  });

  it('the kubeconfig is for its owner alone', () => {
    const file = writeKubeconfig(directory, { url: 'https://127.0.0.1:1', token: 'secret', cert: 'PEM' });
    expect(mode('kubeconfig')).toBe('600');
    expect(readFileSync(file, 'utf8')).toContain('token: secret');
  });
});
