import type { Container } from '../core/pod.ts';
import type { SidecarArguments } from './sidecar-arguments.ts';

/** What one of Katib's own collectors was told to read. */
export type KatibCollector = Pick<SidecarArguments, 'path' | 'format' | 'filters'> & {
  kind: 'File' | 'TensorFlowEvent';
};

/** `docker.io/kubeflowkatib/…`, `ghcr.io/kubeflow/katib/…` and copies of them elsewhere, with any tag. */
const IMAGE = /(?:^|\/)(?:kubeflowkatib|katib)\/(file|tfevent)-metrics-collector(?:[:@].*)?$/;

/**
 * Katib's collectors report to a database that is not here, so that what they would read is read by the collector that
 * is. Null for other containers, and for those with a command of their own.
 */
export function readKatibCollector({ image = '', command, args = [] }: Container): KatibCollector | null {
  const [, which] = IMAGE.exec(image) ?? [];
  if (which === undefined || (command?.length ?? 0) > 0) return null;
  const flags = readFlags(args);
  const path = flags.get('path') ?? flags.get('metrics_file_dir') ?? null;
  if (which === 'tfevent') return { kind: 'TensorFlowEvent', path, format: 'TEXT', filters: [] };
  return {
    kind: 'File',
    path,
    format: flags.get('format') === 'JSON' ? 'JSON' : 'TEXT',
    filters: (flags.get('f') ?? '').split(';').filter((filter) => filter !== ''),
  };
}

/** Go and Python take one hyphen or two, and a value behind a blank or an equals sign. */
function readFlags(args: readonly string[]): Map<string, string> {
  const flags = new Map<string, string>();
  for (let at = 0; at < args.length; at++) {
    const [, name = '', value] = /^--?([\w-]+)(?:=(.*))?$/s.exec(args[at] ?? '') ?? [];
    if (name !== '') flags.set(name, value ?? args[++at] ?? '');
  }
  return flags;
}
