import { inspect } from "@wasi-kit/runner";
import type { Inspection } from "@wasi-kit/runner";
import type { Command } from "../../command-line/command.ts";
import { UsageError } from "../../command-line/command.ts";
import { isFolder } from "../../programs/is-folder.ts";
import { bytesOfModule, findModule } from "../../programs/read-module.ts";
import type { NamedModule } from "../../programs/read-module.ts";
import { describe } from "./report.ts";
import { print, say } from "../../ui/output.ts";

/** wasi-kit inspect */
export const command: Command = {
  usage: ["[MODULE | DIR] [--json | --wat]"],
  about:
    "Says what a module (.wasm, .wat) is and what it will ask for, without running it: its kind, what it imports of WASI\n" +
    "and how to grant that, its memory, its exports, its sections. DIR is the folder of a program: its module is inspected.",
  options: {
    json: { type: "boolean", about: "Print all that was found as JSON" },
    wat: { type: "boolean", about: "Print the module in WebAssembly's text format instead" },
  },
  examples: [
    ["wasi-kit inspect hello.wasm", "What it is, and how to run it"],
    ["wasi-kit inspect a.wasm --json | jq .capabilities", "What it can ask for"],
    ["wasi-kit inspect hello.wasm --wat > hello.wat", "Its code, to be read"],
  ],
  exitCodes: [
    ["0", "It was read"],
    ["2", "The command line or a wasi.json is not valid"],
    ["126", "It is not WebAssembly, or malformed; what could be read is printed"],
    ["127", "There is no such module"],
  ],
  async run({ positionals, values, rest = [] }) {
    if (values["json"] && values["wat"]) throw new UsageError("Print --json or --wat, one at a time.");
    const [target = ".", ...more] = [...positionals, ...rest];
    if (more.length > 0) throw new UsageError(`Name one module at a time: ${target}, or ${more.join(", or ")}.`);

    const module = await findModule(target);
    const { path } = module;
    const inspection = await inspect(module.source);
    if (values["wat"]) return printText(module, inspection);
    print(
      values["json"]
        ? `${JSON.stringify(inspection, null, 2)}\n`
        : describe(inspection, { path, ...(isFolder(target) ? { program: target } : {}) }),
    );
    return checkWhole(path, inspection);
  },
};

/** Prints where a module is malformed, if it is; returns the exit code. */
function checkWhole(path: string, { malformed }: Inspection): number {
  if (!malformed) return 0;
  const { offset, message } = malformed;
  say(
    "error",
    `${path} is malformed at byte ${offset} (0x${offset.toString(16)}): ${message}.\nIt may have been cut short. Build it again, or fetch it again.`,
  );
  return 126;
}

async function printText(module: NamedModule, inspection: Inspection): Promise<number> {
  const { path } = module;
  if (inspection.malformed) return checkWhole(path, inspection);
  if (inspection.kind === "component") {
    say(
      "error",
      `${path} is a component, and wabt prints core modules only.\nwasm-tools prints it: wasm-tools print ${path}`,
    );
    return 126;
  }
  // Loaded only here: it brings the compilers along.
  const { toText } = await import("@wasi-kit/compiler");
  print(await toText(await bytesOfModule(module), path));
  return 0;
}
