/** A text as UTF-8. */
export function encode(text: string): ArrayBuffer {
  return String.UTF8.encode(text);
}

/** A buffer with the bytes at an address. */
export function copy(address: usize, size: usize): ArrayBuffer {
  const bytes = new ArrayBuffer(size as i32);
  memory.copy(changetype<usize>(bytes), address, size);
  return bytes;
}

/** One buffer with the bytes of several. */
export function concat(parts: ArrayBuffer[]): ArrayBuffer {
  let size = 0;
  for (let i = 0; i < parts.length; i++) size += parts[i].byteLength;

  const whole = new ArrayBuffer(size);
  let address = changetype<usize>(whole);
  for (let i = 0; i < parts.length; i++) {
    memory.copy(address, changetype<usize>(parts[i]), parts[i].byteLength);
    address += parts[i].byteLength;
  }
  return whole;
}

/** Orders buffers by their bytes: less than 0 if the first one comes first. */
export function compare(a: ArrayBuffer, b: ArrayBuffer): i32 {
  const size = min(a.byteLength, b.byteLength);
  const order = memory.compare(changetype<usize>(a), changetype<usize>(b), size);
  return order == 0 ? a.byteLength - b.byteLength : order;
}
