import { filestat, subscription } from "./layouts.ts";
import type { FilestatLayout, SubscriptionLayout } from "./layouts.ts";

/** What differs between the versions of the interface that a module may be built for. */
export interface Abi {
  readonly filestat: FilestatLayout;
  readonly subscription: SubscriptionLayout;
  /** By the guest's `whence`, the one of preview 1 (set, cur, end). */
  readonly whence: readonly number[];
}

/**
 * The versions, by the name under which a module imports them. `wasi_unstable`
 * is what compilers before 2020 built for.
 *
 * @see https://github.com/WebAssembly/WASI/blob/wasi-0.1/preview0/docs.md
 */
export const abis: Readonly<Record<AbiName, Abi>> = {
  wasi_snapshot_preview1: { filestat, subscription, whence: [0, 1, 2] },
  wasi_unstable: {
    // The number of links is a u32, and a clock has an identifier before its number.
    filestat: { dev: 0, ino: 8, filetype: 16, nlink: 20, filesize: 24, atim: 32, mtim: 40, ctim: 48, size: 56 },
    subscription: { userdata: 0, tag: 8, fd: 16, clock: 24, timeout: 32, flags: 48, size: 56 },
    whence: [1, 2, 0],
  },
};

/** The name of a version, as modules import it. */
export type AbiName = "wasi_snapshot_preview1" | "wasi_unstable";
