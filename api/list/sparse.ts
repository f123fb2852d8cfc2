import { didYouMean } from '../../core/did-you-mean.ts';
import { isJsonObject, type JsonObject } from '../../core/json.ts';
import { Problem } from '../problem/problem.ts';

/**
 * Cuts objects down to the fields of a list such as `name,params.lr`; a field of an object that it does not have is left
 * out. @throws Problem for the first field that no object has.
 */
export function sparse(fields: string | undefined, known: readonly string[]): (object: object) => object {
  if (fields === undefined) return (object) => object;
  const names = fields.split(',').map((name) => name.trim());
  for (const name of names) {
    const first = name.split('.', 1)[0] ?? '';
    if (!known.includes(first)) throw unknownField(name, known);
  }
  return (object) => {
    const picked: JsonObject = {};
    for (const name of names) pickField(object as JsonObject, name, picked);
    return picked;
  };
}

/** What follows the first dot is a key of its own: names of parameters and metrics may have dots. */
function pickField(object: JsonObject, name: string, picked: JsonObject): void {
  const dot = name.indexOf('.');
  const first = dot < 0 ? name : name.slice(0, dot);
  const value = object[first];
  if (dot < 0) {
    if (value !== undefined) picked[first] = value;
    return;
  }
  const key = name.slice(dot + 1);
  if (!isJsonObject(value) || !Object.hasOwn(value, key)) return;
  const already = picked[first];
  picked[first] = { ...(isJsonObject(already) ? already : {}), [key]: value[key] };
}

function unknownField(name: string, known: readonly string[]): Problem {
  const message = `fields: there is no field ${JSON.stringify(name)}.`;
  const hint = didYouMean(name, known);
  return new Problem('REST_PARAMETER_INVALID', message, {
    hint,
    errors: [{ parameter: 'fields', message, hint }],
  });
}
