/*
 * Vectors of float32 as bytes, on the wire and in files. They are little-endian, as every processor that Node runs on
 * keeps them in memory.
 */

/** The bytes of a vector, not copied. */
export function bytesOf(values: Float32Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}

/** A new vector of the floats that `bytes` holds. */
export function floatsOf(bytes: Uint8Array): Float32Array {
  // Copied, because a Float32Array must begin at a multiple of 4 bytes and a piece of a stream begins anywhere.
  return new Float32Array(Uint8Array.from(bytes).buffer);
}
