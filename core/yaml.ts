import { type DocumentOptions, parse, type SchemaOptions, type Tags } from 'yaml';

/**
 * YAML the way kubectl reads it: version 1.1 (`0644` is octal, `on` is a truth value, `<<` merges) without the parts
 * that Go's parser leaves out as well, times and numbers to base 60.
 */
export const KUBERNETES_YAML: DocumentOptions & SchemaOptions = {
  version: '1.1',
  merge: true,
  customTags: (tags: Tags) =>
    tags.filter((tag) => typeof tag === 'string' || (tag.tag !== TIMESTAMP_TAG && tag.format !== 'TIME')),
};

const TIMESTAMP_TAG = 'tag:yaml.org,2002:timestamp';

/** How many nodes aliases may expand to, so that a few lines cannot fill the memory. */
export const MAX_ALIASES = 100;

/** The only document of a YAML or JSON text. Throws YAMLParseError where it is malformed. */
export function parseKubernetesYaml(text: string): unknown {
  return parse(text, { ...KUBERNETES_YAML, maxAliasCount: MAX_ALIASES });
}
