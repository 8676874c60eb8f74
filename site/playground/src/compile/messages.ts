/** A program to compile: the language, its entry file, and the texts of the project by path. */
export interface CompileRequest {
  readonly id: number;
  readonly language: CompiledLanguage;
  readonly entry: string;
  readonly files: Readonly<Record<string, string>>;
}

/** A language that is compiled in the page. */
export type CompiledLanguage = "wat" | "assemblyscript";

/** A module, or the compiler's message. */
export type CompileAnswer = { readonly id: number } & (
  | { readonly module: Uint8Array<ArrayBuffer> }
  | { readonly message: string }
);
