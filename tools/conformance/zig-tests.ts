import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { languages } from "@wasi-kit/compiler";
import { x } from "tinyexec";
import { root } from "../root.ts";
import type { Part, Printed } from "./suite-test.ts";
import type { Suite } from "./suite.ts";

/** What of Zig's standard library is tested: what asks WASI for something, and what a program in Zig can't be without. */
const areas = ["Io", "Random", "fs", "heap", "json", "mem", "process", "time"];

/** The tests of the standard library of the Zig that is here. Undefined without Zig. */
export async function zigTests(): Promise<Suite | undefined> {
  const [tool] = await languages.zig.tools(root);
  if (!tool?.found) return undefined;
  const zig = async (...args: string[]): Promise<string> =>
    (await x(tool.path, args, { throwOnError: true, nodeOptions: { cwd: root } })).stdout;
  const library = /\blib_dir"? *[:=] *"([^"]+)"/.exec(await zig("env"))?.[1] ?? "";
  return {
    name: "Zig's standard library",
    source: `The tests of eight areas of Zig ${tool.version}, without those of its files test.zig, which its packages leave empty. Those that skip themselves are not counted.`,
    // Measured where it was Zig 0.17.1.
    measured: { "wasmtime 49": 401, "wazero 1.12": 401 },
    folder: library,
    fileSystems: ["host", "memory", "copy-on-write"],
    async read() {
      const folder = join(root, "build/conformance/zig");
      mkdirSync(folder, { recursive: true });
      const module = join(folder, "std.wasm");
      const filters = areas.flatMap((area) => ["--test-filter", `${area}.`]);
      const made = [`-femit-bin=${module}`, "--cache-dir", join(folder, "cache")];
      const source = join(library, "std/std.zig");
      await zig(
        "test",
        source,
        "--zig-lib-dir",
        library,
        "-target",
        "wasm32-wasi",
        ...filters,
        "--test-no-exec",
        ...made,
      );
      const test = { group: "others", name: "all", module, exitCode: 0, parts: readZigTests };
      return [{ ...test, files: { root: {} }, directories: { ".": "root" } }];
    },
  };
}

/** What Zig's test runner prints: `7/929 fs.path.test.join...`, what the test has to say, and what it did. */
export function readZigTests({ stderr }: Pick<Printed, "stderr">): Part[] {
  return stderr
    .split(/^\d+\/\d+ /m)
    .slice(1)
    .flatMap((text) => {
      const [name = "", said = ""] = text.split(/\.\.\.(.*)/s);
      const area = name.split(".")[0] as string;
      const part = areas.includes(area) ? { group: area, name } : { name };
      if (/^SKIP$/m.test(said)) return [];
      if (/^OK$/m.test(said)) return [part];
      return [{ ...part, failure: /FAIL \((.*)\)/.exec(said)?.[1] ?? "it did not end" }];
    });
}
