import { compileAssemblyScript, compileWat } from "@wasi-kit/compiler/browser";
import type { CompileAnswer, CompiledLanguage, CompileRequest } from "./messages.ts";

// Compiles in a thread of its own, so that the page stays responsive. Each compiler is loaded when it is first needed.

const compilers: {
  [Language in CompiledLanguage]: (request: CompileRequest) => Promise<Uint8Array<ArrayBuffer>>;
} = {
  wat: ({ entry, files }) => compileWat(files[entry] ?? "", entry),
  async assemblyscript({ entry, files }) {
    const { libraries } = await import("./libraries.ts");
    return compileAssemblyScript(entry, { ...libraries, ...files });
  },
};

const answer = (it: CompileAnswer): void => postMessage(it);

addEventListener("message", async ({ data }: MessageEvent<CompileRequest>) => {
  const { id, language } = data;
  try {
    answer({ id, module: await compilers[language](data) });
  } catch (error) {
    answer({ id, message: (error as Error).message });
  }
});
