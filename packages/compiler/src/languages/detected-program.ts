import type { Build } from "@wasi-kit/manifest";

/** What is known of a program from its sources. */
export interface DetectedProgram {
  /** What it is, for a message: `the crate adder in Cargo.toml`. */
  label: string;
  /** The module's name, without `.wasm`. */
  name: string;
  /** What it does, in a line, if its files say so. */
  description: string | undefined;
  /** What wasi.json says of how it is made. */
  build: Build;
  /** Whether it can be run; otherwise it is a library, for a host to call. */
  isCommand: boolean;
  /** What to do before it can be built or run, if anything. */
  warning?: string;
}
