/** What calls preview 1, the newest name first: wasi-sdk has changed it, and Debian has not. */
export const cTargets = ["wasm32-wasip1", "wasm32-wasi"] as const;

/** A C compiler that can build for WASI. */
export interface CToolchain {
  /** What it is called: `clang`, or `zig cc`. */
  name: string;
  version: string;
  /** Its path. */
  path: string;
  /** The command that compiles C, and links. */
  c: readonly string[];
  /** The command that compiles C++, and links it. */
  cxx: readonly string[];
  /** What it calls preview 1. */
  target: string;
  /** Where its C library is. */
  library: string;
  /** What it links to each program, if that may change without its version: the C library. */
  linked: readonly string[];
  /** Whether it has the library of C++. */
  hasCxx: boolean;
  /** The folders of its own headers: they change with its version. */
  own: readonly string[];
  files: readonly string[];
}

/** A clang on this machine, which may lack something. */
export interface Clang {
  path: string;
  version: string;
  /** What it lacks, to build for WASI: `wasm-ld`, `wasi-libc`, … */
  lacks: readonly string[];
  /** Undefined if it lacks something. */
  toolchain: CToolchain | undefined;
}

/** The oldest that knows libraries for WASI (reactors). */
export const oldestClang = "11";
