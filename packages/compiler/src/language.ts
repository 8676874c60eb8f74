import type { Language } from "@wasi-kit/manifest";
import type { InputRecorder } from "./inputs.ts";

/** What a compiler is handed. */
export interface Job {
  /** The example's folder, absolute. */
  dir: string;
  /** The source, absolute. */
  source: string;
  /** Where the module will be written to, absolute. */
  module: string;
  /** Whether names, and places in the sources, are kept in it. */
  debug: boolean;
  /** Told of all that the compiler reads. */
  inputs: InputRecorder;
  /** Tells the user what is going on: a line without its end. */
  log: (line: string) => void;
  /** Ends a compiler that is a process of its own. */
  signal?: AbortSignal | undefined;
}

/**
 * Compiles a source to the bytes of a module.
 *
 * @throws BuildError `E_COMPILE` with the compiler's own message, or `E_TOOLCHAIN`
 */
export type Compile = (job: Job) => Promise<Uint8Array>;

/** A compiler a language, loaded when it is needed: each is large. */
export const compilers: Readonly<Record<Language, () => Promise<{ compile: Compile }>>> = {
  wat: () => import("./wat.ts"),
  rust: () => import("./rust.ts"),
  assemblyscript: () => import("./assemblyscript.ts"),
};
