import { mkdir, readFile, writeFile } from "node:fs/promises";
import { relative } from "node:path";
import { asTyped } from "@wasi-kit/runner/commands";
import type { Program } from "@wasi-kit/manifest";
import { recordRun, snapshotFolder, snapshotPath, unifiedDiff } from "@wasi-kit/vitest/record";

/** The result of a run that was tested. */
export interface TestedRun {
  program: string;
  run: string;
  /** Whether it is as its wasi.json and its snapshot say. */
  ok: boolean;
  /** What its snapshot is to it; a run with another exit code than the expected one is not compared. */
  snapshot: "same" | "different" | "missing" | "written" | "not compared";
  /** What is not as expected, in lines. */
  problems: string[];
}

/**
 * Makes a run and compares it with what is expected.
 *
 * @param update - whether to write its snapshot instead of comparing with it
 * @throws WasiKitError `E_MODULE_NOT_FOUND`
 */
export async function testRun(
  program: Program,
  name: string,
  update: boolean,
): Promise<Omit<TestedRun, "program" | "run">> {
  const recorded = await recordRun(program, name, process.env);
  if (!recorded.isAsExpected) {
    const { exitCode, expectedExitCode, explanation, text } = recorded;
    const problem = `exit code ${exitCode}, expected ${expectedExitCode}`;
    const problems = [problem, ...asTyped(explanation, ".").split("\n"), "", ...text.trimEnd().split("\n")];
    return { ok: false, snapshot: "not compared", problems };
  }
  const path = snapshotPath(program.dir, name);
  const before = await readIfThere(path);
  if (before === recorded.text) return { ok: true, snapshot: "same", problems: [] };
  if (update) {
    await mkdir(snapshotFolder(program.dir), { recursive: true });
    await writeFile(path, recorded.text);
    return { ok: true, snapshot: "written", problems: [] };
  }
  if (before === undefined) return { ok: true, snapshot: "missing", problems: [] };
  return { ok: false, snapshot: "different", problems: await describeDifference(path, before, recorded.text) };
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

async function describeDifference(path: string, before: string, now: string): Promise<string[]> {
  const names = [relative(process.cwd(), path), "this run"] as const;
  const diff = await unifiedDiff(linesOf(before), linesOf(now), names);
  return [
    ...(diff ?? [`differs from ${names[0]} in more than 200 lines`]),
    asTyped("If that is right: wasi-kit test --update", "."),
  ];
}

const linesOf = (text: string): string[] => text.replace(/\n$/, "").split("\n");
