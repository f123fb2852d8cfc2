import { isJsonObject, type JsonObject } from '../../../core/json.ts';
import { doubleField, flagField, integerField, messageField, textField } from '../protobuf/writer.ts';

/*
 * The document of OpenAPI v2 as a protobuf message: the only form in which kubectl up to 1.28 takes it, and without it such a
 * kubectl does nothing but read. Field numbers are those of google/gnostic's openapiv2/OpenAPIv2.proto.
 */

/** The type that those clients accept. It is malformed, so that the answer calls itself something else, as Kubernetes does. */
export const OPENAPI_V2_PROTOBUF = 'application/com.github.proto-openapi.spec.v2@v1.0+protobuf';
export const OPENAPI_V2_PROTOBUF_ANSWER = OPENAPI_V2_PROTOBUF.replace('@', '.');

/** What a field of a message holds, and how it is written there. */
type Encoder = (number: number, value: unknown) => Buffer[];
type Fields = Readonly<Record<string, readonly [number: number, encoder: Encoder]>>;

export function encodeOpenApiV2(document: JsonObject): Buffer {
  return Buffer.concat(encodeFields(DOCUMENT, document));
}

/** The known fields of an object, and its `x-…` fields as the message's extensions where it has a number for those. */
function encodeFields(fields: Fields, object: JsonObject, extensions?: number): Buffer[] {
  return Object.entries(object).flatMap(([name, value]) => {
    const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (field) return field[1](field[0], value);
    return extensions !== undefined && name.startsWith('x-') ? [namedYaml(extensions, name, value)] : [];
  });
}

const text: Encoder = (number, value) => [textField(number, String(value))];
const flag: Encoder = (number, value) => [flagField(number, value === true)];
const double: Encoder = (number, value) => [doubleField(number, Number(value))];
const integer: Encoder = (number, value) => [integerField(number, Number(value))];
const texts: Encoder = (number, value) => listOf(value).map((each) => textField(number, String(each)));
/** JSON is YAML. */
const yaml = (number: number, value: unknown): Buffer =>
  messageField(number, [textField(2, JSON.stringify(value))]);
const yamls: Encoder = (number, value) => listOf(value).map((each) => yaml(number, each));

function message(fields: () => Fields, extensions?: number): Encoder {
  return (number, value) => [messageField(number, encodeFields(fields(), objectOf(value), extensions))];
}

/** A map: a message of entries, each with its name and its value. */
function named(value: Encoder, entriesNumber = 1): Encoder {
  return (number, map) => [
    messageField(
      number,
      Object.entries(objectOf(map)).map(([name, each]) =>
        messageField(entriesNumber, [textField(1, name), ...value(2, each)]),
      ),
    ),
  ];
}

function namedYaml(number: number, name: string, value: unknown): Buffer {
  return messageField(number, [textField(1, name), yaml(2, value)]);
}

const schema = message(() => SCHEMA, 31);
const operation = message(() => OPERATION, 13);

const SCHEMA: Fields = {
  $ref: [1, text],
  format: [2, text],
  title: [3, text],
  description: [4, text],
  maximum: [7, double],
  minimum: [9, double],
  maxLength: [11, integer],
  minLength: [12, integer],
  pattern: [13, text],
  maxItems: [14, integer],
  minItems: [15, integer],
  maxProperties: [17, integer],
  minProperties: [18, integer],
  required: [19, texts],
  enum: [20, yamls],
  additionalProperties: [21, (number, value) => [messageField(number, schema(1, value))]],
  type: [22, (number, value) => [messageField(number, [textField(1, String(value))])]],
  items: [23, (number, value) => [messageField(number, schema(1, value))]],
  allOf: [24, (number, value) => listOf(value).flatMap((each) => schema(number, each))],
  properties: [25, named(schema)],
};

const INFO: Fields = { title: [1, text], version: [2, text] };

const PATH_PARAMETER: Fields = { required: [1, flag], in: [2, text], name: [4, text], type: [5, text] };
const QUERY_PARAMETER: Fields = { required: [1, flag], in: [2, text], name: [4, text], type: [6, text] };

/** A parameter is wrapped three times, each time in a choice. */
const parameters: Encoder = (number, value) =>
  listOf(value).map((each) => {
    const parameter = objectOf(each);
    const kind =
      parameter['in'] === 'path'
        ? messageField(4, encodeFields(PATH_PARAMETER, parameter))
        : messageField(3, encodeFields(QUERY_PARAMETER, parameter));
    return messageField(number, [messageField(1, [messageField(2, [kind])])]);
  });

const RESPONSE: Fields = {
  description: [1, text],
  schema: [2, (number, value) => [messageField(number, schema(1, value))]],
};
const response: Encoder = (number, value) => [messageField(number, message(() => RESPONSE)(1, value))];

const OPERATION: Fields = {
  consumes: [7, texts],
  parameters: [8, parameters],
  responses: [9, named(response)],
};

const PATH_ITEM: Fields = {
  get: [2, operation],
  put: [3, operation],
  delete: [5, operation],
  patch: [8, operation],
  parameters: [9, parameters],
};

const DOCUMENT: Fields = {
  swagger: [1, text],
  info: [2, message(() => INFO)],
  paths: [
    8,
    named(
      message(() => PATH_ITEM),
      2,
    ),
  ],
  definitions: [9, named(schema)],
};

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function objectOf(value: unknown): JsonObject {
  return isJsonObject(value) ? value : {};
}
