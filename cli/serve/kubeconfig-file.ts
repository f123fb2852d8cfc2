import { join } from 'node:path';
import { stringify } from 'yaml';
import type { DataDirectory } from '../data-directory.ts';
import { writePrivate } from './access-files.ts';

export interface ServerAccess {
  readonly url: string;
  readonly token: string;
  /** PEM. */
  readonly cert: string;
}

const NAME = 'katydid';

/** Writes `<data-dir>/kubeconfig`, with which kubectl and other clients reach the server, and returns its path. */
export function writeKubeconfig(directory: DataDirectory, { url, token, cert }: ServerAccess): string {
  const file = join(directory.path, 'kubeconfig');
  const authority = Buffer.from(cert).toString('base64');
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: NAME, cluster: { server: url, 'certificate-authority-data': authority } }],
    users: [{ name: NAME, user: { token } }],
    contexts: [{ name: NAME, context: { cluster: NAME, user: NAME, namespace: 'default' } }],
    'current-context': NAME,
  };
  writePrivate(file, stringify(config, { lineWidth: 0 }));
  return file;
}
