import { HttpRefusal } from './status-answer.ts';

/** In which form the client wants objects. */
export type Representation = 'object' | 'table' | 'metadata';

interface MediaRange {
  readonly type: string;
  readonly parameters: ReadonlyMap<string, string>;
}

const PLAIN_TYPES = new Set(['application/json', 'application/*', '*/*']);
const TABLE_VERSIONS = new Set(['v1']);

/** The first form of the Accept header that is served. NotAcceptable (406) where none is. */
export function chooseRepresentation(accept: string | undefined): Representation {
  for (const range of mediaRanges(accept)) {
    const form = formOf(range);
    if (form) return form;
  }
  throw new HttpRefusal(406, `only application/json is served here, not ${accept ?? ''}`);
}

function formOf({ type, parameters }: MediaRange): Representation | null {
  if (!PLAIN_TYPES.has(type)) return null;
  switch (parameters.get('as')) {
    case undefined:
      return 'object';
    case 'Table':
      return TABLE_VERSIONS.has(parameters.get('v') ?? '') ? 'table' : null;
    case 'PartialObjectMetadata':
    case 'PartialObjectMetadataList':
      return 'metadata';
    default:
      return null;
  }
}

/** The ranges of an Accept header in the order in which clients write them, the wanted one first. */
export function mediaRanges(accept = '*/*'): MediaRange[] {
  return accept.split(',').map((range) => {
    const [type = '', ...parameters] = range.split(';').map((part) => part.trim());
    return {
      type: type.toLowerCase(),
      parameters: new Map(
        parameters.map((parameter) => {
          const [name = '', value = ''] = parameter.split('=');
          return [name, value];
        }),
      ),
    };
  });
}
