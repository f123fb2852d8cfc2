import { isDiskFull, type DiskSpace } from '../../core/disk-space.ts';
import type { ObservationSink } from '../../core/observation.ts';

/** The same sink, but that there was no room for what it was given is also noted of the disk. */
export function notingFull(sink: ObservationSink, space: DiskSpace): ObservationSink {
  const noted = async <T>(answer: Promise<T>): Promise<T> => {
    try {
      return await answer;
    } catch (error) {
      if (isDiskFull(error)) space.noteFull();
      throw error;
    }
  };
  return {
    report: (source, observations) => noted(sink.report(source, observations)),
    finish: (source, report) => noted(sink.finish(source, report)),
    discard: (source) => noted(sink.discard(source)),
  };
}
