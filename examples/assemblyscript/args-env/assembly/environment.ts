import {
  args_get,
  args_sizes_get,
  environ_get,
  environ_sizes_get,
  errno,
} from "@assemblyscript/wasi-shim/assembly/bindings/wasi_snapshot_preview1";

// Variables and arguments come in the same way. The host says how many there
// are and how many bytes they take, and then fills two buffers of that size:
// one with the texts, one with the address of each.
//
// as-wasi's Environ and CommandLine do so too, but hold no reference to the
// buffers. If there is much to read, the garbage collector frees them
// meanwhile, and the program traps. Here they are held by two variables.

/** Where the host puts how many there are, and after it how many bytes they take. */
const count = memory.data(2 * sizeof<usize>());
const size = count + sizeof<usize>();

/** The variables as key=value, in the order in which the host has them. */
export function getVariables(): string[] {
  assert(environ_sizes_get(count, size) == errno.SUCCESS);
  const addresses = new StaticArray<usize>(load<i32>(count));
  const texts = new ArrayBuffer(load<i32>(size));
  assert(environ_get(changetype<usize>(addresses), changetype<usize>(texts)) == errno.SUCCESS);
  return decode(addresses);
}

/** The arguments. The first is the program's name, as everywhere. */
export function getArguments(): string[] {
  assert(args_sizes_get(count, size) == errno.SUCCESS);
  const addresses = new StaticArray<usize>(load<i32>(count));
  const texts = new ArrayBuffer(load<i32>(size));
  assert(args_get(changetype<usize>(addresses), changetype<usize>(texts)) == errno.SUCCESS);
  return decode(addresses);
}

/** Strings from texts that are UTF-8 and end with a byte that is 0. */
function decode(addresses: StaticArray<usize>): string[] {
  const strings: string[] = [];
  for (let i = 0; i < addresses.length; i++) {
    const start = addresses[i];
    let end = start;
    while (load<u8>(end) != 0) end++;
    strings.push(String.UTF8.decodeUnsafe(start, end - start));
  }
  return strings;
}
