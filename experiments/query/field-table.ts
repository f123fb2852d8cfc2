/** What a field holds for one object: times are milliseconds since the epoch; null where it has no value. */
export type FieldValue = number | string | null;

export type FieldKind =
  | { readonly type: 'number' }
  | { readonly type: 'text' }
  /** Milliseconds since the epoch, written as RFC 3339 in filters. */
  | { readonly type: 'time' }
  /** One of a few words. */
  | { readonly type: 'choice'; readonly choices: readonly string[] }
  /** A number for some objects and text for others. */
  | { readonly type: 'mixed' };

/** Something that objects can be filtered and sorted by. */
export interface Field<T> {
  /** As the answers of the API name it, for example `params.lr`. */
  readonly name: string;
  readonly kind: FieldKind;
  read(object: T): FieldValue;
}

/** The fields of one kind of object. */
export interface FieldTable<T> {
  /** The field of a name taken apart at its dots, or undefined where there is none: `['params', 'lr']`. */
  find(segments: readonly string[]): Field<T> | undefined;
  /** For messages and help; names of which there are any number are told as `labels.NAME`. */
  readonly names: readonly string[];
  /** The order where none is asked for, and between objects that are equal otherwise: no two objects are equal in it. */
  readonly order: readonly Field<T>[];
}

/** Fields with fixed names, and families of fields (`params.…`) by their first segment. */
export interface FieldTableParts<T> {
  readonly fixed: readonly Field<T>[];
  /** Gives the field for what follows the first segment, which is at least one segment. */
  readonly families: Readonly<Record<string, (rest: readonly string[]) => Field<T> | undefined>>;
  /** Names in the families, for messages. */
  readonly familyNames: readonly string[];
  /** Names of fixed fields. */
  readonly order: readonly string[];
}

export function fieldTable<T>({ fixed, families, familyNames, order }: FieldTableParts<T>): FieldTable<T> {
  const byName = new Map(fixed.map((field) => [field.name, field]));
  return {
    find(segments) {
      const [first = '', ...rest] = segments;
      const family = Object.hasOwn(families, first) && rest.length > 0 ? families[first] : undefined;
      return family?.(rest) ?? byName.get(segments.join('.'));
    },
    names: [...byName.keys(), ...familyNames],
    order: order.flatMap((name) => byName.get(name) ?? []),
  };
}
