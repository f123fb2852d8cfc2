import type { LogFields, Logger } from '../../core/logger.ts';
import type { StoredPod } from '../../core/pod.ts';
import type { EventRecorder } from '../../kube/event-recorder.ts';
import { LOCAL_CODES, type LocalCode } from '../../core/failure-codes/local-codes.ts';

/** Keys of things said once that are remembered; older ones may be said again. */
const MAX_REMEMBERED = 10_000;

/** What the kubelet tells people about one pod: as an Event and in the log. */
export interface Notices {
  /** Tells it for the first pod that it concerns; `key` says what counts as the same. */
  once(key: string, code: LocalCode, message: string): void;
  event(type: 'Normal' | 'Warning', reason: string, message: string): void;
  /** A line in the log, for the first pod that it concerns; `fields` say what counts as the same. */
  infoOnce(message: string, fields: LogFields): void;
  debug(message: string, fields?: LogFields): void;
}

/** Remembers what has been said already, over all pods of a kubelet. */
export class NoticeBoard {
  readonly #events: EventRecorder;
  readonly #logger: Logger;
  /** Oldest first. */
  readonly #said = new Set<string>();

  constructor(events: EventRecorder, logger: Logger) {
    this.#events = events;
    this.#logger = logger;
  }

  for(pod: StoredPod): Notices {
    const logger = this.#logger.with({ pod: `${pod.metadata.namespace ?? ''}/${pod.metadata.name}` });
    return {
      once: (key, code, message) => {
        if (!this.#isNew(`${code} ${key}`)) return;
        const type = LOCAL_CODES[code].severity === 'info' ? 'Normal' : 'Warning';
        logger.info(message, { code });
        this.#events.record(pod, type, code, message);
      },
      event: (type, reason, message) => this.#events.record(pod, type, reason, message),
      infoOnce: (message, fields) => {
        if (this.#isNew(`${message} ${JSON.stringify(fields)}`)) logger.info(message, fields);
      },
      debug: (message, fields) => logger.debug(message, fields),
    };
  }

  #isNew(key: string): boolean {
    if (this.#said.has(key)) return false;
    this.#said.add(key);
    const [oldest] = this.#said;
    if (this.#said.size > MAX_REMEMBERED && oldest !== undefined) this.#said.delete(oldest);
    return true;
  }
}
