import { statSync } from "node:fs";
import { relative } from "node:path";
import { run } from "@wasi-kit/runner";
import type { Preopen, RunOptions } from "@wasi-kit/runner";
import type { Command, Input } from "../command.ts";
import { UsageError } from "../command.ts";
import { say } from "../say.ts";

/** wasi-kit run */
export const command: Command = {
  usage: [
    "[DIR] [--run NAME] [-- ARG…]",
    "[--dir HOST::GUEST[::ro]]… [--env NAME[=VALUE]]… [--argv0 NAME] MODULE.wasm [-- ARG…]",
    "--all [DIR…] [--json]",
  ],
  about:
    "Runs a module, or a run of the example in DIR, with what it is granted and nothing else.\n" +
    "With an example, --dir, --env and --argv0 add to what its wasi.json grants, and ARG replaces its args.",
  options: {
    run: {
      type: "string",
      value: "NAME",
      about: "The run of the example to take. Default: the first in its wasi.json",
    },
    dir: {
      type: "string",
      multiple: true,
      value: "HOST::GUEST[::ro]",
      about: "Grant a directory, ::ro for reading only; HOST alone has the same name inside",
    },
    env: {
      type: "string",
      multiple: true,
      value: "NAME[=VALUE]",
      about: "Set a variable; NAME alone passes on the host's",
    },
    argv0: { type: "string", value: "NAME", about: "argv[0]. Default: the module's file name" },
    all: { type: "boolean", about: "Run every run of every example in DIR and below it, and compare the exit codes" },
    json: { type: "boolean", about: "With --all: print a JSON array" },
  },
  examples: [
    ["wasi-kit run hello.wasm", "Run a module that is granted nothing"],
    ["wasi-kit run --dir data::/sandbox cat.wasm -- /sandbox/a.txt", "Grant ./data as /sandbox, and pass an argument"],
    ["wasi-kit run examples/rust/read-file --run denied", "A run of an example"],
    ["wasi-kit run --all examples", "Every run of every example"],
  ],
  exitCodes: [
    ["any", "The guest's own (with --all: 0, or 1 where an exit code is not the expected one)"],
    ["2", "The command line or a wasi.json is not valid"],
    ["125", "wasi-kit itself failed"],
    ["126", "The module can't be run"],
    ["127", "There is no such module"],
    ["134", "The guest trapped"],
  ],
  async run(input) {
    if (input.values["all"]) {
      refuseGrants(input);
      const { runAll } = await import("../run-all.ts");
      return runAll(input);
    }
    if (input.values["json"]) throw new UsageError("--json goes with --all.");
    const { target, args } = targetOf(input);
    const folder = isFolder(target);
    if (input.values["run"] !== undefined && !folder)
      throw new UsageError(`--run names a run of an example, and ${target} is no folder.`);
    const { module, options } = folder ? await fromManifest(target, input) : { module: target, options: {} };
    return runOne(module, { ...options, ...grantsOf(input, options), ...(args ? { args } : {}) });
  },
};

/** With --all, each run has what its manifest grants; what is not heeded must not look as if it were. */
function refuseGrants({ values, rest }: Input): void {
  const given = ["run", "dir", "env", "argv0"].filter((name) => values[name] !== undefined).map((name) => `--${name}`);
  if (rest) given.push("--");
  if (given.length > 0) throw new UsageError(`${given.join(", ")} can't be combined with --all.`);
}

/**
 * `MODULE -- ARG…`, and also `-- MODULE ARG…`, which is how cargo calls a
 * runner. Nothing at all is the example in this folder.
 */
function targetOf({ positionals, rest }: Input): { target: string; args: readonly string[] | undefined } {
  const [target, ...extra] = positionals;
  if (extra.length > 0) {
    throw new UsageError(`What the guest gets as arguments follows --: wasi-kit run ${target} -- ${extra.join(" ")}`);
  }
  if (target !== undefined) return { target, args: rest };
  const [first, ...args] = rest ?? [];
  return first !== undefined && first.endsWith(".wasm") ? { target: first, args } : { target: ".", args: rest };
}

function isFolder(target: string): boolean {
  return statSync(target, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

async function fromManifest(folder: string, { values }: Input): Promise<{ module: string; options: RunOptions }> {
  const { readExample, resolveRun } = await import("@wasi-kit/manifest");
  const { module, options } = resolveRun(await readExample(folder), values["run"] as string | undefined);
  return { module: relative(process.cwd(), module), options };
}

const accesses = { ro: "read-only", rw: "read-write" } as const;

/** What --dir, --env and --argv0 grant, on top of what the manifest does. */
function grantsOf({ values }: Input, declared: RunOptions): RunOptions {
  return {
    preopens: { ...declared.preopens, ...Object.fromEntries(list(values["dir"]).map(parseDirectory)) },
    env: { ...declared.env, ...Object.fromEntries(list(values["env"]).flatMap(parseVariable)) },
    ...(values["argv0"] === undefined ? {} : { argv0: values["argv0"] as string }),
  };
}

const list = (value: Input["values"][string]): string[] => (value ?? []) as string[];

function parseDirectory(text: string): [guest: string, preopen: Preopen] {
  const [path = "", guest = path, access = "rw", ...extra] = text.split("::");
  if (path === "" || guest === "" || !Object.hasOwn(accesses, access) || extra.length > 0) {
    throw new UsageError(`--dir ${text}: expected HOST::GUEST or HOST::GUEST::ro, such as --dir ./data::/sandbox::ro`);
  }
  return [guest, { path, access: accesses[access as keyof typeof accesses] }];
}

function parseVariable(text: string): [name: string, value: string][] {
  const split = text.indexOf("=");
  if (split === 0) throw new UsageError(`--env ${text}: expected NAME=VALUE, or NAME alone to pass on the host's`);
  if (split > 0) return [[text.slice(0, split), text.slice(split + 1)]];
  const value = process.env[text];
  return value === undefined ? [] : [[text, value]];
}

async function runOne(module: string, options: RunOptions): Promise<number> {
  const { exitCode, trap } = await run(module, {
    stdin: { fd: 0 },
    ...options,
    stdout: { fd: 1 },
    stderr: { fd: 2 },
  });
  if (trap)
    say("error", [`${module} trapped: ${trap.message}`, ...trap.frames.map((frame) => `  at ${frame}`)].join("\n"));
  // A process has eight bits for it: cut to them, a failure could look like success.
  return Math.min(exitCode, 255);
}
