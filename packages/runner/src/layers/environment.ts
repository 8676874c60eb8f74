import type { Guest } from "../guest.ts";
import type { SyncRunOptions } from "../options.ts";
import { errno } from "../preview1/errno.ts";
import type { Layer } from "./layer.ts";

/**
 * Arguments and environment variables. node:wasi answers `inval` where there
 * are none of them, so these four calls are answered here.
 *
 * @see https://github.com/WebAssembly/WASI/blob/wasi-0.1/preview1/docs.md#args_get
 */
export function environmentLayer(options: SyncRunOptions): Layer {
  const granted = environmentOf(options);
  const [argv, environ] = [encode(granted.args), encode(granted.env)];
  return (_next, guest) => ({
    args_sizes_get: (count, size) => writeSizes(guest, argv, count, size),
    args_get: (pointers, buffer) => writeStrings(guest, argv, pointers, buffer),
    environ_sizes_get: (count, size) => writeSizes(guest, environ, count, size),
    environ_get: (pointers, buffer) => writeStrings(guest, environ, pointers, buffer),
  });
}

/** The strings that a guest gets: argv[0] and the arguments, and a `NAME=value` for each variable. */
export function environmentOf({ argv0 = "", args = [], env = {} }: SyncRunOptions): { args: string[]; env: string[] } {
  return { args: [argv0, ...args], env: Object.entries(env).map(([name, value]) => `${name}=${value}`) };
}

/** Each string as UTF-8 with a NUL at its end. */
const encode = (strings: string[]): Uint8Array[] => strings.map((text) => new TextEncoder().encode(`${text}\0`));

function writeSizes(guest: Guest, strings: Uint8Array[], count: number, size: number): number {
  guest.setU32(count, strings.length);
  guest.setU32(
    size,
    strings.reduce((sum, { length }) => sum + length, 0),
  );
  return errno.success;
}

function writeStrings(guest: Guest, strings: Uint8Array[], pointers: number, buffer: number): number {
  let at = buffer;
  for (const [i, bytes] of strings.entries()) {
    guest.setU32(pointers + i * 4, at);
    guest.bytes(at, bytes.length).set(bytes);
    at += bytes.length;
  }
  return errno.success;
}
