import type { Files } from "../project/files.ts";

/** The languages of the programs. */
export const languageTitles = {
  wat: "WAT",
  rust: "Rust",
  assemblyscript: "AssemblyScript",
  c: "C",
  go: "Go",
  zig: "Zig",
} as const;

export type ProgramLanguage = keyof typeof languageTitles;

/** A program that the playground can open. */
export interface Program {
  /** Its folder: `wat/hello`. */
  readonly id: string;
  readonly language: ProgramLanguage;
  readonly name: string;
  /** Its wasi.json, sources and fixtures. */
  files(): Promise<Files>;
  /** The module that was built of it; undefined if none was. */
  module?(): Promise<Uint8Array>;
}
