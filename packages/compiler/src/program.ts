import type { Build } from "@wasi-kit/manifest";

/** What is known of a program from the files that it is made of. */
export interface Program {
  /** What it is, for a message: `the crate adder, in Cargo.toml`. */
  found: string;
  /** The module's name, without `.wasm`. */
  name: string;
  /** What it does, in a line, where its files say it. */
  description: string | undefined;
  /** What wasi.json says of how it is made. */
  build: Build;
  /** Whether it can be run; otherwise it is a library, for a host to call. */
  isCommand: boolean;
  /** What is to be done before it can be built or run, where something is. */
  todo?: string;
}
