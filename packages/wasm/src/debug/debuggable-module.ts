/** A module, and what the engine does not keep of it. */
export interface DebuggableModule {
  readonly module: WebAssembly.Module;
  /** The path of its file, which its source map is relative to. Absent: its source map can't be a file. */
  readonly path?: string | undefined;
  /** Where the content of its code section begins: see `startOfCode`. Absent: DWARF can't be used. */
  readonly startOfCode?: number | undefined;
}
