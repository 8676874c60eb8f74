/** A place in a source. */
export interface SourceLocation {
  /** Relative to the working directory if it lies below it; else as the module's debug information has it. */
  file: string;
  /** From 1. */
  line: number;
  /** From 1. */
  column: number;
}

/** A function of the guest that was running when it trapped, or that called one that was. */
export interface Frame {
  /** Its name, if the module has it: `"main"`, `"read_file::main"`, `"assembly/index/main"`. */
  name?: string;
  /** Its index in the module, imported functions included. */
  functionIndex: number;
  /** The instruction that it had reached, in bytes from the module's start. */
  offset: number;
  /** The same in its source, if the module has debug information: see `wasi-kit build --debug`. */
  source?: SourceLocation;
}

/** A frame as the engine has it, before anything was looked up in the module. */
export interface CallSite {
  /** As the module has it: names of Rust functions are mangled. */
  readonly name?: string;
  /** Its index in the module, imported functions included. */
  readonly functionIndex: number;
  /** The instruction that it had reached, in bytes from the module's start. */
  readonly offset: number;
}
