import { errno, fd, fd_write, iovec } from "@assemblyscript/wasi-shim/assembly/bindings/wasi_snapshot_preview1";

// Memory that is set aside when the module is compiled, for what a call takes
// and gives back. It is no object, so the garbage collector leaves it alone.
const vector = changetype<iovec>(memory.data(offsetof<iovec>()));
const written = memory.data(sizeof<usize>());

/**
 * Writes bytes to a descriptor: 1 is stdout, 2 is stderr. A host may take fewer
 * bytes than it is offered, so this goes on until it has them all. (as-wasi and
 * console.log ask once, and look neither at the count nor, in as-wasi, at the
 * error.)
 */
export function write(descriptor: fd, address: usize, size: usize): errno {
  while (size > 0) {
    vector.buf = address;
    vector.buf_len = size;
    const error = fd_write(descriptor, changetype<usize>(vector), 1, written);
    if (error != errno.SUCCESS) return error;

    const count = load<usize>(written);
    if (count == 0) return errno.IO;
    address += count;
    size -= count;
  }
  return errno.SUCCESS;
}

/** Writes a text: UTF-16 in AssemblyScript's strings, UTF-8 outside. */
export function print(descriptor: fd, text: string): errno {
  const bytes = String.UTF8.encode(text);
  return write(descriptor, changetype<usize>(bytes), bytes.byteLength);
}
