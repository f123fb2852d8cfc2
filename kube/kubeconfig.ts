import type { RequestOptions } from 'node:https';
import type * as clientNode from '@kubernetes/client-node';
import { errorMessage, KatydidError } from '../core/errors.ts';
import type { KubeConnection } from './connection.ts';

export interface KubeconfigOptions {
  /** A kubeconfig; where absent, what kubectl would take: $KUBECONFIG, ~/.kube/config, the pod's service account. */
  readonly file?: string;
  /** The file's current context where absent. */
  readonly context?: string;
}

/**
 * Loads the package that knows all kinds of credentials. It comes with no installation of ours: it weighs more than
 * Katydid with everything else, and one computer needs none of it.
 */
type CredentialsPackage = () => Promise<Pick<typeof clientNode, 'KubeConfig'>>;

/** What client-node fills in for a request. */
interface Credentials {
  ca?: string | Buffer;
  cert?: string | Buffer;
  key?: string | Buffer;
  servername?: string;
  rejectUnauthorized?: boolean;
  headers?: Record<string, string | undefined>;
}

/**
 * The connection that a kubeconfig describes, with every kind of credentials that @kubernetes/client-node knows:
 * certificates, tokens, exec plugins, the service account of a pod. Tokens are asked for anew with every request, so
 * that those that expire are renewed.
 *
 * @throws KatydidError KUBECONFIG_UNUSABLE, KUBECONFIG_NEEDS_PACKAGE
 */
export async function loadKubeconfig(
  options: KubeconfigOptions = {},
  loadPackage: CredentialsPackage = () => import('@kubernetes/client-node'),
): Promise<KubeConnection> {
  const { KubeConfig } = await loadPackage().catch((error: unknown) => {
    throw packageMissing(error);
  });
  const config = new KubeConfig();
  const credentials = async (): Promise<Credentials> => {
    const applied: RequestOptions = { headers: {} };
    await config.applyToHTTPSOptions(applied);
    return applied as Credentials;
  };
  try {
    if (options.file === undefined) config.loadFromDefault();
    else config.loadFromFile(options.file);
    if (options.context !== undefined) config.setCurrentContext(options.context);
    const server = config.getCurrentCluster()?.server;
    if (server === undefined)
      throw new Error(`there is no cluster for context "${config.getCurrentContext()}"`);
    return connectionOf(server, await credentials(), async () => bearerToken(await credentials()));
  } catch (error) {
    throw unusable(options, error);
  }
}

function connectionOf(
  server: string,
  { ca, cert, key, servername, rejectUnauthorized }: Credentials,
  token: () => Promise<string | undefined>,
): KubeConnection {
  return {
    server,
    token,
    ca: ca?.toString(),
    cert: cert?.toString(),
    key: key?.toString(),
    serverName: servername,
    insecure: rejectUnauthorized === false,
  };
}

function bearerToken({ headers = {} }: Credentials): string | undefined {
  const header = headers['Authorization'] ?? headers['authorization'];
  return header === undefined ? undefined : /^Bearer (?<token>.+)$/.exec(header)?.groups?.['token'];
}

function packageMissing(cause: unknown): KatydidError {
  return new KatydidError(
    'KUBECONFIG_NEEDS_PACKAGE',
    `Clusters are reached with the package @kubernetes/client-node, which cannot be loaded: ${errorMessage(cause)}.`,
    { remedy: 'Install it beside Katydid: npm install @kubernetes/client-node', cause },
  );
}

function unusable({ file }: KubeconfigOptions, cause: unknown): KatydidError {
  const where = file === undefined ? 'No usable kubeconfig' : `The kubeconfig ${file} cannot be used`;
  return new KatydidError('KUBECONFIG_UNUSABLE', `${where}: ${errorMessage(cause)}.`, {
    remedy: 'Check that kubectl works with the same file, or name another one.',
    cause,
  });
}
