import type { MetricsAddress, SidecarHost } from '../../metrics-collector/sidecar-host.ts';
import { FakeClock } from '../support/fake-clock.ts';

/** A pod whose container output is written by the test. */
export class FakeHost implements SidecarHost {
  readonly clock = new FakeClock();
  readonly #environment: Readonly<Record<string, string>>;
  readonly #directory: string;
  readonly #ended = new AbortController();
  readonly #killed = new AbortController();
  readonly #chunks: Uint8Array[] = [];
  #failure: Error | null = null;
  #changed = Promise.withResolvers<undefined>();
  #isClosed = false;

  constructor(options: { environment?: Readonly<Record<string, string>>; directory?: string } = {}) {
    this.#environment = options.environment ?? { HOSTNAME: 'pod-0' };
    this.#directory = options.directory ?? '/nowhere';
  }

  get mainEnded(): AbortSignal {
    return this.#ended.signal;
  }

  get signal(): AbortSignal {
    return this.#killed.signal;
  }

  env(name: string): string | undefined {
    return this.#environment[name];
  }

  /** Where metrics are found; as it stands unless a test says otherwise. */
  addresses: (address: URL) => readonly MetricsAddress[] = (address) => [{ address }];

  async *metricsAddresses(address: URL): AsyncGenerator<MetricsAddress> {
    await Promise.resolve();
    yield* this.addresses(address);
  }

  resolvePath(path: string): string {
    return this.#directory + path;
  }

  async *containerOutput(): AsyncGenerator<Uint8Array> {
    for (let at = 0; ;) {
      const chunk = this.#chunks[at++];
      if (chunk) yield chunk;
      else if (this.#failure) throw this.#failure;
      else if (this.#isClosed) return;
      else {
        at--;
        await this.#changed.promise;
      }
    }
  }

  write(text: string): void {
    this.#chunks.push(new TextEncoder().encode(text));
    this.#wake();
  }

  /** The main container ends: its output too. */
  end(): void {
    this.#isClosed = true;
    this.#ended.abort();
    this.#wake();
  }

  breakOff(error: Error): void {
    this.#failure = error;
    this.#wake();
  }

  kill(): void {
    this.#killed.abort();
  }

  #wake(): void {
    this.#changed.resolve(undefined);
    this.#changed = Promise.withResolvers<undefined>();
  }
}
