import { spawn } from "node:child_process";
import { once } from "node:events";
import { appendFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, relative } from "node:path";
import { setTimeout } from "node:timers/promises";
import type { Shell } from "./newcomer.ts";

/** The files of a folder, except what was installed or built: path to text. */
function filesOf(folder: string): [path: string, text: string][] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((it) => it.isFile())
    .map(({ parentPath, name }) => relative(folder, join(parentPath, name)))
    .filter((path) => !/(^|\/)(node_modules|build|target|\.git)\//.test(path))
    .map((path) => [path, readFileSync(join(folder, path), "utf8")]);
}

/**
 * Has a project take the vite that this repository is tested with. A newer one may have an optional dependency that the
 * registry at hand lacks: yarn and `npm ci` do not go on without it.
 */
export function useOurVite(folder: string): void {
  const path = join(folder, "package.json");
  if (!existsSync(path)) return;
  const { resolve } = createRequire(createRequire(import.meta.url).resolve("vitest/package.json"));
  const { version } = JSON.parse(readFileSync(resolve("vite/package.json"), "utf8")) as { version: string };
  const manifest = JSON.parse(readFileSync(path, "utf8")) as Record<string, object>;
  const held = { vite: version };
  writeFileSync(path, JSON.stringify({ ...manifest, overrides: held, resolutions: held }, null, 2));
}

/** Fails if a project that was just created knows where it was when it was an example, or what it was called. */
export function checkOwnName(folder: string, name: string, scenario: string): void {
  const theirs = scenario.includes("-")
    ? new RegExp(`\\b${scenario}\\b`)
    : new RegExp(`\\b${scenario}\\.(wasm|wat|test\\.ts)\\b`);
  const ofTheWorkspace = /workspace:|catalog:|@wasi-kit-examples|\.\.\/\.\.\//;
  for (const [path, text] of filesOf(folder)) {
    const found = ofTheWorkspace.exec(text) ?? theirs.exec(`${path}\n${text}`);
    if (found) throw new Error(`${path} in ${folder} has a trace of the example in it: ${found[0]}`);
  }
  for (const [path, part] of [
    ["README.md", `# ${name}\n`],
    ["package.json", `"name": "${name}"`],
    ["wasi.json", `"build/${name}.wasm"`],
    [`${name}.test.ts`, "testProgram"],
  ] as const) {
    if (!existsSync(join(folder, path)) || !readFileSync(join(folder, path), "utf8").includes(part))
      throw new Error(`${folder} should have ${path}, with ${part.trim()} in it.`);
  }
}

/** Does what F5 does in Visual Studio Code: the task before, and the first configuration. */
export async function debug(folder: string, { run }: Shell): Promise<void> {
  const { tasks } = read(folder, "tasks") as { tasks: { label: string; command?: string }[] };
  const { configurations } = read(folder, "launch") as {
    configurations: { preLaunchTask?: string; program: string; args: string[] }[];
  };
  const [first] = configurations;
  if (!first) throw new Error(`${folder} has nothing for F5.`);
  const task = tasks.find(({ label }) => label === first.preLaunchTask)?.command;
  if (task !== undefined) await run(folder, task);
  await run(folder, ["node", first.program.replace("${workspaceFolder}", folder), ...first.args].join(" "));
}

const read = (folder: string, name: string): unknown =>
  JSON.parse(readFileSync(join(folder, `.vscode/${name}.json`), "utf8"));

/** What the machines of GitHub have, and what would change this one. */
const setUp = /^(npm install --global|corepack|rustup|sudo|python3 -m pip)\b/;

/** Runs the steps of the CI workflow that are commands, as in CI. */
export async function runWorkflow(folder: string, { run }: Shell): Promise<void> {
  const text = readFileSync(join(folder, ".github/workflows/test.yml"), "utf8");
  const lines = [...text.matchAll(/^ +- run: (.*)$/gm)].map(([, line = ""]) => line);
  for (const line of lines.filter((it) => !setUp.test(it))) await run(folder, line, { CI: "1" });
}

/** Starts `dev`, changes a source, waits until it was built again, and ends it. */
export async function develop(folder: string, line: string, { env }: Shell): Promise<void> {
  const [command = "", ...args] = line.split(" ");
  // In a group of its own, since a package manager may not pass on what ends it.
  const child = spawn(command, args, { cwd: folder, env, stdio: ["ignore", "pipe", "pipe"], detached: true });
  const exited = once(child, "exit");
  let output = "";
  /** Waits until it has waited for a change so many times; at most two minutes. */
  const waitFor = async (count: number): Promise<void> => {
    for (let tries = 0; tries < 1200 && child.exitCode === null; tries++) {
      if (output.split("waiting for changes").length > count) return;
      await setTimeout(100);
    }
    throw new Error(`${line}\nin ${folder} waited for no change:\n${output}`);
  };
  try {
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (data) => (output += String(data)));
    await waitFor(1);
    const [source = ""] = filesOf(folder).flatMap(([path]) =>
      /^(src|assembly)\/.*\.(rs|ts|c|zig)$|\.(wat|go)$/.test(path) ? path : [],
    );
    appendFileSync(join(folder, source), source.endsWith(".wat") ? "\n;; changed\n" : "\n// changed\n");
    await waitFor(2);
  } finally {
    if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, "SIGINT");
    await exited;
  }
}
