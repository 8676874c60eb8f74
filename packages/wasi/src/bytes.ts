/**
 * The bytes of a typed array or an array buffer, not copied; `undefined` for
 * anything else. `instanceof` alone does not recognize those of another realm:
 * test runners run tests in node:vm, which has its own constructors.
 */
export function bytesOf(value: unknown): Uint8Array | undefined {
  if (value instanceof Uint8Array) return value;
  if (ArrayBuffer.isView(value)) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
  const isBuffer = Object.prototype.toString.call(value) === "[object ArrayBuffer]";
  return isBuffer ? new Uint8Array(value as ArrayBuffer) : undefined;
}
