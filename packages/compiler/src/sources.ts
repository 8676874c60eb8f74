import { existsSync, readFileSync, readdirSync } from "node:fs";
import { basename, join, relative } from "node:path";
import type { Language } from "@wasi-kit/manifest";
import { BuildError } from "./error.ts";
import { crateIn } from "./crate.ts";
import type { Program } from "./program.ts";

/** For each language: the files in a folder that show that it is used, and what they make. */
export const sources: Readonly<
  Record<Language, { in(dir: string): string[]; program(dir: string, file: string): Program }>
> = {
  rust: { in: (dir) => present(dir, ["Cargo.toml"]), program: crateIn },
  wat: {
    in: (dir) =>
      readdirSync(dir)
        .filter((name) => name.endsWith(".wat"))
        .toSorted(),
    program: (_, file) => ({
      found: file,
      name: basename(file, ".wat"),
      description: undefined,
      build: { language: "wat" },
      isCommand: true,
    }),
  },
  // One of the two is enough to know it by.
  assemblyscript: { in: (dir) => present(dir, ["asconfig.json", usualEntry]).slice(0, 1), program: assemblyScript },
};

const usualEntry = "assembly/index.ts";

const present = (dir: string, files: readonly string[]): string[] =>
  files.filter((file) => existsSync(join(dir, file)));

function assemblyScript(dir: string): Program {
  const about = readJson<{ name?: string; description?: string }>(join(dir, "package.json"));
  const config = readJson<{ extends?: string; entries?: string[] }>(join(dir, "asconfig.json"));
  const entry = config?.entries?.[0] ?? usualEntry;
  const shown = relative(process.cwd(), join(dir, entry));
  if (!existsSync(join(dir, entry))) {
    throw new BuildError(
      "E_PROJECT",
      `asconfig.json is there, and ${shown} is not. Create it, or name another as its entries.`,
    );
  }
  // Without it the module asks for what no host of WASI has: env.abort.
  const isBound = !config || config.extends?.includes("@assemblyscript/wasi-shim");
  return {
    found: `the AssemblyScript program ${shown}`,
    name: about?.name?.split("/").at(-1) || basename(dir) || "program",
    description: about?.description,
    build: { language: "assemblyscript", ...(entry === usualEntry ? {} : { source: entry }) },
    isCommand: true,
    ...(isBound
      ? {}
      : {
          todo:
            "asconfig.json does not bind the program to WASI. Type: npm install --save-dev @assemblyscript/wasi-shim\n" +
            'and put into asconfig.json: "extends": "./node_modules/@assemblyscript/wasi-shim/asconfig.json"',
        }),
  };
}

function readJson<T>(file: string): T | undefined {
  if (!existsSync(file)) return undefined;
  try {
    return JSON.parse(readFileSync(file, "utf8")) as T;
  } catch (cause) {
    throw new BuildError("E_PROJECT", `${relative(process.cwd(), file)} is not JSON: ${(cause as Error).message}`, {
      cause,
    });
  }
}
