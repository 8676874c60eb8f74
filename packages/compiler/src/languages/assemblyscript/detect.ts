import { existsSync, readFileSync } from "node:fs";
import { basename, join, relative } from "node:path";
import { BuildError } from "../../error.ts";
import type { DetectedProgram } from "../detected-program.ts";

/** What is compiled unless an asconfig.json names another. */
export const usualEntry = "assembly/index.ts";

/** The file that shows that a folder has an AssemblyScript program: one of the two is enough. */
export const findSources = (dir: string): string[] =>
  ["asconfig.json", usualEntry].filter((file) => existsSync(join(dir, file))).slice(0, 1);

/**
 * What the entry file makes.
 *
 * @throws BuildError `E_PROJECT` if it is not there, or a JSON file is not valid
 */
export async function detect(dir: string): Promise<DetectedProgram> {
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
    label: `the AssemblyScript program ${shown}`,
    name: about?.name?.split("/").at(-1) || basename(dir) || "program",
    description: about?.description,
    build: { language: "assemblyscript", ...(entry === usualEntry ? {} : { source: entry }) },
    isCommand: true,
    ...(isBound
      ? {}
      : {
          warning:
            "asconfig.json does not bind the program to WASI. Put into it, for the package @assemblyscript/wasi-shim:\n" +
            '"extends": "./node_modules/@assemblyscript/wasi-shim/asconfig.json"',
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
