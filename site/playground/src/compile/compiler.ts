import type { CompileAnswer, CompiledLanguage, CompileRequest } from "./messages.ts";
import { problemsIn } from "./problems.ts";
import type { SourceProblem } from "./problems.ts";

/** A module, or why there is none. */
type CompileResult =
  | { readonly module: Uint8Array }
  | { readonly message: string; readonly problems: readonly SourceProblem[] };

/** Compiles in a web worker. */
export interface Compiler {
  /** Loads a compiler before it is needed. */
  warm(language: CompiledLanguage): void;
  compile(language: CompiledLanguage, entry: string, files: Readonly<Record<string, string>>): Promise<CompileResult>;
  close(): void;
}

/** The least program that makes a compiler ready. */
const warmUp: Readonly<Record<CompiledLanguage, readonly [entry: string, text: string]>> = {
  wat: ["a.wat", "(module)"],
  assemblyscript: ["a.ts", ""],
};

/** The worker is started when the first compiler is needed. */
export function createCompiler(): Compiler {
  let worker: Worker | undefined;
  let lastId = 0;
  const waiting = new Map<number, (result: CompileAnswer) => void>();
  const start = (): Worker => {
    const started = new Worker(new URL("./compile-worker.ts", import.meta.url), { type: "module", name: "compile" });
    started.addEventListener("message", ({ data }: MessageEvent<CompileAnswer>) => {
      waiting.get(data.id)?.(data);
      waiting.delete(data.id);
    });
    started.addEventListener("error", ({ message }) => {
      for (const [id, settle] of waiting) settle({ id, message: message || "The compiler can't be loaded." });
      waiting.clear();
      worker = undefined;
    });
    return started;
  };
  /** What was compiled last: to run it again takes no compiler. */
  let last: { readonly key: string; readonly module: Uint8Array } | undefined;
  const compile: Compiler["compile"] = async (language, entry, files) => {
    const key = JSON.stringify([language, entry, files]);
    if (last?.key === key) return { module: last.module };
    const answer = await new Promise<CompileAnswer>((resolve) => {
      const id = ++lastId;
      waiting.set(id, resolve);
      worker ??= start();
      worker.postMessage({ id, language, entry, files } satisfies CompileRequest);
    });
    if ("message" in answer) return { message: answer.message, problems: problemsIn(answer.message) };
    last = { key, module: answer.module };
    return { module: answer.module };
  };
  return {
    warm(language) {
      const [entry, text] = warmUp[language];
      void compile(language, entry, { [entry]: text });
    },
    compile,
    close: () => worker?.terminate(),
  };
}
