import type { Command } from "../../command-line/command.ts";

/** The options of wasi-kit run. Their help has 50 columns. */
export const runOptions: Command["options"] = {
  run: {
    type: "string",
    value: "NAME",
    completes: "runs",
    about: "The run of DIR. Default: the first in its wasi.json",
  },
  dir: {
    type: "string",
    multiple: true,
    value: "HOST::GUEST[::ro]",
    about: "Grant it, to read with ::ro, on a copy with ::cow",
  },
  env: { type: "string", multiple: true, value: "NAME[=VALUE]", about: "Set a variable; NAME alone: the host's" },
  "env-file": { type: "string", multiple: true, value: "FILE", about: "Set the variables of a file: NAME=VALUE lines" },
  argv0: { type: "string", value: "NAME", about: "argv[0]. Default: the module's file name" },
  invoke: { type: "string", value: "FUNCTION", about: "Call a function of a library, with ARG…" },
  timeout: { type: "string", value: "TIME", about: "Stop it after 500ms, 5s, 2m. Default: no limit" },
  "max-memory": { type: "string", value: "BYTES", about: "Its most memory, such as 64MiB. Default: no limit" },
  "max-output": { type: "string", value: "BYTES", about: "The most that it may write. Default: no limit" },
  clock: { type: "string", value: "TIME", about: "Start its clock at 2020-07-01T00:00:00Z, say" },
  seed: { type: "string", value: "NUMBER", about: "Give it the same random bytes in every run" },
  trace: {
    type: "boolean",
    mayHaveValue: true,
    value: "json|summary",
    completes: ["json", "summary"],
    about: "Show each call on stderr; or as JSON, or a table",
  },
  "trace-output": { type: "string", value: "FILE", about: "Write the trace to a file" },
  "trace-filter": { type: "string", value: "NAME,…", about: "Trace these functions only, as path_*,fd_write" },
  quiet: { type: "boolean", about: "Say nothing but errors" },
  "all-frames": { type: "boolean", about: "Show a trap's frames of the standard library too" },
  "no-explain": { type: "boolean", about: "Don't say why it may have ended badly" },
  "no-build": { type: "boolean", about: "Run DIR's module even if its sources have changed" },
  watch: { type: "boolean", about: "Run again at each change, as wasi-kit dev does" },
  all: { type: "boolean", about: "Make every run below DIR, on copies of directories" },
  json: { type: "boolean", about: "Print an object with the result; --all: a list" },
};
