import type { Clock } from '../../core/clock.ts';
import type { JsonObject } from '../../core/json.ts';
import type { Logger } from '../../core/logger.ts';
import type { KubeClient } from '../../kube/client.ts';

export interface ApiServerOptions {
  readonly client: KubeClient;
  /** Answers as `client` does and stores nothing: for writes that are only tried (`dryRun=All`). */
  readonly dryRunClient: KubeClient;
  /** CustomResourceDefinitions: how their kinds are shown and described. Clients find them as objects. */
  readonly crds: readonly JsonObject[];
  /** What clients must send as `Authorization: Bearer …`. */
  readonly token: string;
  /** Where the process kubelet keeps the logs of pods. */
  readonly dataDir: string;
  /** PEM. kubectl sends tokens over TLS only; plain HTTP where absent. */
  readonly tls?: { readonly cert: string; readonly key: string };
  /** Of this program, for `/version`. */
  readonly version: string;
  readonly logger: Logger;
  readonly clock: Clock;
}
