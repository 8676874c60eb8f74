import { errno, fd_read, iovec } from "@assemblyscript/wasi-shim/assembly/bindings/wasi_snapshot_preview1";
import { print, write } from "./output";

// However much comes in, the program needs no more memory than this. It is set
// aside when the module is compiled.
const size = 4096;
const buffer = memory.data(size);

// What fd_read is given: which buffer to fill, and where to put the count.
const vector = changetype<iovec>(memory.data(offsetof<iovec>()));
vector.buf = buffer;
vector.buf_len = size;
const count = memory.data(sizeof<usize>());

// as-wasi's Console reads either everything, however much that is, or lines, and
// drops what follows the last newline. Of both it makes strings, which bytes that
// are not UTF-8 would not survive. So this asks WASI itself.
while (true) {
  const error = fd_read(0, changetype<usize>(vector), 1, count);
  if (error != errno.SUCCESS) fail("stdin", error);

  // A read gives what is there, often less than would fit. Only 0 bytes mean
  // the end.
  const read = load<usize>(count);
  if (read == 0) break;

  capitalize(buffer, read);
  const failed = write(1, buffer, read);
  if (failed != errno.SUCCESS) fail("stdout", failed);
}

/**
 * Bytes, not text: the end of a piece may cut a letter such as "ß" in two. In
 * UTF-8 no byte of such a letter is one of a-z, so all of them stay as they are.
 */
function capitalize(address: usize, length: usize): void {
  for (let end = address + length; address < end; address++) {
    const byte = load<u8>(address);
    if (byte >= 0x61 && byte <= 0x7a) store<u8>(address, byte - 0x20);
  }
}

function fail(stream: string, error: errno): void {
  print(2, `stdin-filter: ${stream}: error ${error}\n`);
  process.exit(1);
}
