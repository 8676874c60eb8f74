// Functions that are exported here are exported by the module. A host can pass
// them numbers only, so a list or a text is an address in memory, and a size.

/**
 * Takes memory. Nobody but the host knows when it is needed no longer, so it is
 * none that the garbage collector looks after. (If none is left, it traps.)
 */
export function allocate(size: usize): usize {
  return heap.alloc(size);
}

/** Gives memory back. AssemblyScript knows how much it was. */
export function deallocate(address: usize, _size: usize): void {
  heap.free(address);
}

export function add(a: f64, b: f64): f64 {
  return a + b;
}

/** The sum of some numbers, which are in memory one after the other. */
export function sum(numbers: usize, count: i32): f64 {
  let total: f64 = 0;
  for (let i = 0; i < count; i++) {
    total += load<f64>(numbers + i * sizeof<f64>());
  }
  return total;
}

/** The address of a greeting: 4 bytes with its size, and then its bytes. */
export function greet(name: usize, size: usize): usize {
  // A string is the language's own: UTF-16, and collected as garbage in time.
  const text = "Hello, " + String.UTF8.decodeUnsafe(name, size) + "!";

  // So the host gets a copy, as UTF-8 in memory that is its own.
  const length = String.UTF8.byteLength(text);
  const greeting = allocate(4 + length);
  store<u32>(greeting, length);
  String.UTF8.encodeUnsafe(changetype<usize>(text), text.length, greeting + 4);
  return greeting;
}
