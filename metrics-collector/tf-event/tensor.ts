import { readFields, readPackedVarints, viewOf, type Field } from '../../core/protobuf.ts';

/** `TensorProto` of tensorflow/core/framework/tensor.proto, as far as a number can be in it. */
const TENSOR = { dtype: 1, content: 4 } as const;

/** How one element of a `DataType` is stored: its field in TensorProto, and its bytes in `tensor_content`. */
interface ElementType {
  field: number;
  size: number;
  /** Little endian, as in `tensor_content` and in packed fields of fixed width. */
  read: (view: DataView, at: number) => number;
  /** For elements that TensorProto stores as varints: the number that one stands for. */
  ofVarint?: (value: bigint) => number;
}

const signed = (value: bigint): number => Number(BigInt.asIntN(64, value));
const unsigned = (value: bigint): number => Number(value);
const INT_FIELD = 7;
const HALF_FIELD = 13;

/** By number of `DataType` in tensorflow/core/framework/types.proto. */
const ELEMENT_TYPES: Readonly<Record<number, ElementType>> = {
  1: { field: 5, size: 4, read: (view, at) => shortestFloat32(view.getFloat32(at, true)) },
  2: { field: 6, size: 8, read: (view, at) => view.getFloat64(at, true) },
  3: { field: INT_FIELD, size: 4, read: (view, at) => view.getInt32(at, true), ofVarint: signed },
  4: { field: INT_FIELD, size: 1, read: (view, at) => view.getUint8(at), ofVarint: signed },
  5: { field: INT_FIELD, size: 2, read: (view, at) => view.getInt16(at, true), ofVarint: signed },
  6: { field: INT_FIELD, size: 1, read: (view, at) => view.getInt8(at), ofVarint: signed },
  9: { field: 10, size: 8, read: (view, at) => Number(view.getBigInt64(at, true)), ofVarint: signed },
  14: {
    field: HALF_FIELD,
    size: 2,
    read: (view, at) => bfloat16(view.getUint16(at, true)),
    ofVarint: (value) => bfloat16(Number(value)),
  },
  17: { field: INT_FIELD, size: 2, read: (view, at) => view.getUint16(at, true), ofVarint: signed },
  19: {
    field: HALF_FIELD,
    size: 2,
    read: (view, at) => float16(view.getUint16(at, true)),
    ofVarint: (value) => float16(Number(value)),
  },
  22: { field: 16, size: 4, read: (view, at) => view.getUint32(at, true), ofVarint: unsigned },
  23: { field: 17, size: 8, read: (view, at) => Number(view.getBigUint64(at, true)), ofVarint: unsigned },
};

/** The number in a tensor that holds exactly one; null for any other tensor. Throws MalformedMessage. */
export function readScalarTensor(message: Uint8Array): number | null {
  const fields = [...readFields(message)];
  const dtype = fields.find((field) => field.number === TENSOR.dtype);
  const type = dtype?.wire === 'varint' ? ELEMENT_TYPES[Number(dtype.value)] : undefined;
  if (!type) return null;
  const elements = fields.flatMap((field) => elementsOf(field, type));
  return elements.length === 1 ? (elements[0] ?? null) : null;
}

function elementsOf(field: Field, type: ElementType): number[] {
  if (field.number === TENSOR.content && field.wire === 'bytes') return fixedWidth(field.bytes, type);
  if (field.number !== type.field) return [];
  const { ofVarint } = type;
  if (field.wire === 'varint') return ofVarint ? [ofVarint(field.value)] : [];
  return ofVarint ? Array.from(readPackedVarints(field.bytes), ofVarint) : fixedWidth(field.bytes, type);
}

function fixedWidth(bytes: Uint8Array, { size, read }: ElementType): number[] {
  const view = viewOf(bytes);
  return Array.from({ length: Math.floor(bytes.length / size) }, (_, index) => read(view, index * size));
}

/** The decimal that people wrote: 0.9 rather than 0.8999999761581421, which is what the 32 bits say exactly. */
export function shortestFloat32(value: number): number {
  for (let digits = 6; digits <= 9; digits++) {
    const shorter = Number(value.toPrecision(digits));
    if (Math.fround(shorter) === value) return shorter;
  }
  return value;
}

/** IEEE 754 half precision. */
function float16(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >>> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : NaN;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  return sign * (1 + fraction / 1_024) * 2 ** (exponent - 15);
}

/** The upper half of a 32-bit float. */
function bfloat16(bits: number): number {
  const view = new DataView(new ArrayBuffer(4));
  view.setUint16(0, bits);
  return view.getFloat32(0);
}
