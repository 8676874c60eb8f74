import { args_get, args_sizes_get, errno } from "@assemblyscript/wasi-shim/assembly/bindings/wasi_snapshot_preview1";

/**
 * The arguments after the program's name. (as-wasi's CommandLine holds no
 * reference to the buffer that it reads from. If the arguments are long,
 * that is freed meanwhile, and the program traps.)
 */
export function getArguments(): string[] {
  // The host says how many there are and how many bytes they take …
  const sizes = memory.data(2 * sizeof<usize>());
  assert(args_sizes_get(sizes, sizes + sizeof<usize>()) == errno.SUCCESS);
  const count = load<i32>(sizes);

  // … and fills two buffers of that size: one with the texts, each ended by a
  // byte that is 0, and one with the address of each.
  const texts = new ArrayBuffer(load<i32>(sizes, sizeof<usize>()));
  const addresses = new StaticArray<usize>(count);
  assert(args_get(changetype<usize>(addresses), changetype<usize>(texts)) == errno.SUCCESS);

  const list: string[] = [];
  for (let i = 1; i < count; i++) {
    const start = addresses[i];
    let end = start;
    while (load<u8>(end) != 0) end++;
    list.push(String.UTF8.decodeUnsafe(start, end - start));
  }
  return list;
}
