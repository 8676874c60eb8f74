/**
 * The bytes of an array or a buffer, not copied; undefined for what is neither.
 * `instanceof` would not know those of another realm: a script in node:vm has its
 * own, and some of the tests that people write are such scripts.
 */
export function bytesOf(value: unknown): Uint8Array | undefined {
  if (value instanceof Uint8Array) return value;
  if (ArrayBuffer.isView(value)) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
  const isBuffer = Object.prototype.toString.call(value) === "[object ArrayBuffer]";
  return isBuffer ? new Uint8Array(value as ArrayBuffer) : undefined;
}
