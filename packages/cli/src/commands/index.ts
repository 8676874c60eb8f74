import type { CommandName } from "@wasi-kit/runner/commands";
import type { Command } from "../command-line/command.ts";
import { command as run } from "./run/run.ts";

interface CommandEntry {
  summary: string;
  load: () => Promise<{ command: Command }>;
}

/** The commands; each is loaded when it is called. */
export const commands: Readonly<Record<string, CommandEntry>> = {
  build: { summary: "Compile programs to .wasm", load: () => import("./build/build.ts") },
  dev: { summary: "Build and run a program whenever it changes", load: () => import("./dev/dev.ts") },
  run: { summary: "Run a module, or a run of a program", load: async () => ({ command: run }) },
  replay: { summary: "Make a recorded run again, without its files", load: () => import("./replay/replay.ts") },
  test: { summary: "Compare each run of a program with its snapshot", load: () => import("./test/test.ts") },
  check: { summary: "Check each wasi.json, and run nothing", load: () => import("./check/check.ts") },
  list: { summary: "List the programs and their runs", load: () => import("./list/list.ts") },
  inspect: { summary: "Say what a module is and what it will ask for", load: () => import("./inspect/inspect.ts") },
  types: { summary: "Write the types of a library's functions", load: () => import("./types/types.ts") },
  audit: { summary: "Find what runs are granted and do not need", load: () => import("./audit/audit.ts") },
  add: { summary: "Add an example to a workspace", load: () => import("./add/add.ts") },
  init: { summary: "Write a wasi.json beside a program that is there", load: () => import("./init/init.ts") },
  doctor: { summary: "Check the compilers, and provide what is missing", load: () => import("./doctor/doctor.ts") },
  completion: { summary: "Complete commands in a shell", load: () => import("./completion/completion.ts") },
  version: { summary: "Say the version of wasi-kit and of Node.js", load: () => import("./version/version.ts") },
} satisfies Record<CommandName, CommandEntry>;
