import type { DataDirectory } from '../data-directory.ts';
import type { Probes } from './probes.ts';
import type { ServiceState } from './data-directory/service-state.ts';

/** What every check may look at. */
export interface DoctorContext {
  readonly probes: Probes;
  readonly directory: DataDirectory;
  readonly service: ServiceState;
  /** The ports that `serve` is to listen on; 0 takes a free one. */
  readonly ports: { readonly rest: number; readonly kube: number };
}
