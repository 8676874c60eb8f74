import { existsSync } from "node:fs";
import { languageOf, modulePath } from "@wasi-kit/manifest";
import type { LanguageName, Program } from "@wasi-kit/manifest";
import { say } from "../ui/output.ts";

/**
 * The programs that have a module, or whose compiler is on this machine. The others are named in a line, with the
 * command that gets their compilers.
 */
export async function leaveOutUnavailable(programs: readonly Program[]): Promise<Program[]> {
  const { languages } = await import("@wasi-kit/compiler");
  const unbuilt = programs.filter((program) => !existsSync(modulePath(program)));
  const used = new Set(unbuilt.flatMap(({ manifest }) => languageOf(manifest) ?? []));
  const missing = new Set<LanguageName>();
  for (const language of used) {
    const tools = await languages[language].tools(process.cwd());
    if (!tools.every(({ found }) => found)) missing.add(language);
  }
  const isLeftOut = (program: Program): boolean => {
    const language = languageOf(program.manifest);
    return language !== undefined && missing.has(language) && unbuilt.includes(program);
  };
  const titles = [...missing]
    .toSorted()
    .map((language) => languages[language].title)
    .join(", ");
  if (missing.size > 0) {
    say("warn", `left out ${titles}: not on this machine. To install what is missing: wasi-kit doctor --fix`);
  }
  return programs.filter((program) => !isLeftOut(program));
}
