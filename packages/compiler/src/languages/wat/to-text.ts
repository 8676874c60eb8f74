import { features } from "./features.ts";

/** Thrown if a module can't be printed as text. */
export class TextError extends Error {
  /** The exit status that stands for it on a command line. */
  readonly exitCode = 126;

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "TextError";
  }
}

/**
 * Prints a module in the text format, expressions folded, with the names that
 * it brings along.
 *
 * @param name - how the module is called in messages
 * @throws TextError if wabt can't read it
 * @see https://webassembly.github.io/spec/core/text/index.html
 */
export async function toText(bytes: Uint8Array, name: string): Promise<string> {
  const { default: wabt } = await import("wabt");
  const { readWasm } = await wabt();
  try {
    const module = readWasm(new Uint8Array(bytes), { ...features, readDebugNames: true });
    try {
      module.applyNames();
      return `${module.toText({ foldExprs: true, inlineExport: true }).trimEnd()}\n`;
    } finally {
      module.destroy();
    }
  } catch (cause) {
    // "readWasm failed:", then each offset with what is wrong there.
    const message = (cause as Error).message.replace(/^\w+ failed:\n/, "").trimEnd();
    throw new TextError(
      `wabt can't print ${name} as text:\n${message}\nIt does not know every feature. wasm-tools knows more: wasm-tools print ${name}`,
      { cause },
    );
  }
}
