import { statSync } from "node:fs";
import { dirname } from "node:path";
import { languages } from "@wasi-kit/compiler";
import { root } from "./root.ts";

/** The folders of the compilers of this machine: wasi-kit has some where a user with another home does not find them. */
export async function compilerFolders(): Promise<string[]> {
  const tools = await Promise.all(Object.values(languages).map((it) => it.tools(root)));
  return tools.flat().flatMap(({ path, found }) => (found && statSync(path).isFile() ? [dirname(path)] : []));
}
