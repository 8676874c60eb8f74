import { basename } from "node:path";
import { inspect } from "@wasi-kit/runner";
import type { Command } from "../../command-line/command.ts";
import { UsageError } from "../../command-line/command.ts";
import { print, say } from "../../ui/output.ts";
import { findModule } from "../../programs/read-module.ts";
import { declareExports } from "./declare-exports.ts";

/** wasi-kit types */
export const command: Command = {
  usage: ["[MODULE | DIR] [--out FILE]"],
  about:
    "Writes the types of what a library (.wasm, .wat) exports, as TypeScript. DIR is a program with a wasi.json, and\n" +
    'stands for its module. To use them: import type { Exports } from "./m.js", and instantiate<Exports>("m.wasm").',
  options: {
    out: { type: "string", value: "FILE", about: "Write to FILE. Default: stdout" },
  },
  examples: [
    ["wasi-kit types library.wasm", "Look at them"],
    ["wasi-kit types library.wasm --out library.d.ts", "Keep them beside the module"],
  ],
  exitCodes: [
    ["0", "They were written"],
    ["2", "The command line is not valid, or the module is a program or a component"],
    ["126", "It is not WebAssembly, or malformed"],
    ["127", "There is no such module"],
  ],
  async run({ positionals, values }) {
    const [target = ".", ...more] = positionals;
    if (more.length > 0) throw new UsageError(`Name one module at a time: ${target}, or ${more.join(", or ")}.`);
    const { path, source } = await findModule(target);
    const inspection = await inspect(source);
    if (inspection.malformed) {
      say("error", `${path} is malformed: ${inspection.malformed.message}. Build it again.`);
      return 126;
    }
    if (inspection.kind === "component")
      throw new UsageError(`${path} is a component, and instantiate() takes core modules. jco writes its types.`);
    if (inspection.kind === "command")
      throw new UsageError(`${path} is a program: it has no functions to call. Run it: wasi-kit run ${path}`);
    const text = declareExports(basename(path), inspection.exports);
    if (values["out"] === undefined) print(text);
    else {
      const { replaceFile } = await import("@wasi-kit/compiler/system");
      replaceFile(values["out"] as string, text);
    }
    return 0;
  },
};
