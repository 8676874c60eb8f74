import { errno } from "../abi/errno.ts";
import type { Preview1 } from "../abi/functions.ts";
import type { GuestMemory } from "../guest-memory.ts";
import type { CallContext } from "./call-context.ts";

type ArgsEnvironCalls = Pick<Preview1, Extract<keyof Preview1, `args_${string}` | `environ_${string}`>>;

/**
 * Arguments and environment variables.
 *
 * @param args - `argv[0]` first
 * @param env - each as `NAME=value`
 * @see https://github.com/WebAssembly/WASI/blob/wasi-0.1/preview1/docs.md#args_get
 */
export function argsEnvironCalls(
  { memory }: CallContext,
  args: readonly string[],
  env: readonly string[],
): ArgsEnvironCalls {
  const [argv, environ] = [encode(args), encode(env)];
  return {
    args_sizes_get: (count, size) => writeSizes(memory, argv, count, size),
    args_get: (pointers, buffer) => writeStrings(memory, argv, pointers, buffer),
    environ_sizes_get: (count, size) => writeSizes(memory, environ, count, size),
    environ_get: (pointers, buffer) => writeStrings(memory, environ, pointers, buffer),
  };
}

/** Each string as UTF-8 with a NUL at its end. */
function encode(strings: readonly string[]): Uint8Array[] {
  const encoder = new TextEncoder();
  return strings.map((text) => encoder.encode(`${text}\0`));
}

function writeSizes(memory: GuestMemory, strings: readonly Uint8Array[], count: number, size: number): number {
  memory.setU32(count, strings.length);
  memory.setU32(
    size,
    strings.reduce((sum, { length }) => sum + length, 0),
  );
  return errno.success;
}

function writeStrings(memory: GuestMemory, strings: readonly Uint8Array[], pointers: number, buffer: number): number {
  let at = buffer;
  for (const [i, bytes] of strings.entries()) {
    memory.setU32(pointers + i * 4, at);
    memory.bytes(at, bytes.length).set(bytes);
    at += bytes.length;
  }
  return errno.success;
}
