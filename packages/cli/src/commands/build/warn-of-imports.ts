import { relative } from "node:path";
import { modulePath } from "@wasi-kit/manifest";
import type { Program } from "@wasi-kit/manifest";
// Not by import(), which would put all of the runner, its pool too, into the file that is loaded at each start.
import { checkCommand, inspect, WasiKitError } from "@wasi-kit/runner";
import { say } from "../../ui/output.ts";

/** The exit code of a run that can't start. */
const notStarted = 126;

/**
 * Says of each program that was built why no run of it can start, if one is to: those whose `exitCode` is 126 are not. So
 * a program whose host gives it functions in code has a way to say that.
 */
export async function warnOfImports(programs: readonly Program[]): Promise<void> {
  for (const program of programs) {
    const runs = Object.entries(program.manifest.runs).filter(([, { exitCode }]) => exitCode !== notStarted);
    if (runs.length === 0) continue;
    const module = relative(process.cwd(), modulePath(program));
    try {
      checkCommand(module);
    } catch (end) {
      if (!(end instanceof WasiKitError)) throw end;
      const { explainRun } = await import("@wasi-kit/runner/explain");
      const names = runs.map(([name]) => name).join(", ");
      const lines = [`${module} is built, and can't be run:`, end.message, ...explainRun({ module, options: {}, end })];
      if (await needsFunctionsOfHost(module))
        lines.push(`If a host gives them, its wasi.json can say so, for ${names}: "exitCode": ${notStarted}`);
      say("warn", lines.join("\n"));
    }
  }
}

async function needsFunctionsOfHost(module: string): Promise<boolean> {
  const { nonWasiImports } = await inspect(module);
  return nonWasiImports.some((it) => !it.module.startsWith("wasi_"));
}
