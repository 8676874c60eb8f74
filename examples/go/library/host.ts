import { instantiate } from "@wasi-kit/runner";

/**
 * What the module exports, as it is. It knows numbers only: a list or a text is
 * an address in its memory, and a size.
 */
interface Exports {
  memory: WebAssembly.Memory;
  /** Takes some bytes of memory and gives back their address, a multiple of 8; 0 if there are none left. */
  allocate(size: number): number;
  /** Gives back what `allocate` took: the same address and the same size. */
  deallocate(address: number, size: number): void;
  add(a: number, b: number): number;
  /** The sum of some numbers of 8 bytes. */
  sum(address: number, count: number): number;
  /** For a name in UTF-8, the address of a text: 4 bytes with its size, and then its bytes, in UTF-8. */
  greet(address: number, size: number): number;
}

/** What the module can do, as TypeScript would have it. */
export interface Library {
  add(a: number, b: number): number;
  sum(numbers: readonly number[]): number;
  greet(name: string): string;
  /** How large the module's memory is by now. */
  memoryBytes(): number;
  close(): void;
}

/** Opens the library; `module` is the path of its file. */
export async function openLibrary(module: string): Promise<Library> {
  // It is granted nothing: no directory, no variable. A second argument would.
  const { exports, close } = await instantiate<Exports>(module);
  const { memory, add } = exports;

  // WebAssembly's numbers of 4 bytes are signed in JavaScript, and an address is not.
  const allocate = (size: number): number => {
    const address = exports.allocate(size) >>> 0;
    if (address === 0) throw new RangeError(`the library has no ${size} bytes of memory left`);
    return address;
  };

  return {
    add,
    sum(numbers) {
      const size = 8 * numbers.length;
      const address = allocate(size);
      // A view is made each time: if memory grows, those made before are empty.
      new Float64Array(memory.buffer, address, numbers.length).set(numbers);
      const result = exports.sum(address, numbers.length);
      exports.deallocate(address, size);
      return result;
    },
    greet(name) {
      const bytes = new TextEncoder().encode(name);
      const address = allocate(bytes.length);
      new Uint8Array(memory.buffer, address).set(bytes);
      const greeting = exports.greet(address, bytes.length) >>> 0;
      exports.deallocate(address, bytes.length);

      // What the library took for its answer is the host's to give back.
      const size = new DataView(memory.buffer).getUint32(greeting, true);
      const text = new TextDecoder().decode(new Uint8Array(memory.buffer, greeting + 4, size));
      exports.deallocate(greeting, 4 + size);
      return text;
    },
    memoryBytes: () => memory.buffer.byteLength,
    close,
  };
}
