/** How to reach a Kubernetes-style API over HTTP, and as whom. */
export interface KubeConnection {
  /** For example `https://127.0.0.1:6443`. A path in it stands before the path of every request. */
  readonly server: string;
  /** Bearer token; a function where it is renewed from time to time. Asked before every request. */
  readonly token?: string | (() => Promise<string | undefined>) | undefined;
  /** PEM. The authority that signed the server's certificate; the system's authorities where absent. */
  readonly ca?: string | undefined;
  /** PEM. Client certificate and its key. */
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
  /** The name that the server's certificate is checked against, where it is not the one in `server`. */
  readonly serverName?: string | undefined;
  /** Believe any certificate, as a kubeconfig's `insecure-skip-tls-verify` asks for. False where absent. */
  readonly insecure?: boolean | undefined;
}
