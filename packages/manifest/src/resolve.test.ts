import { expect, test } from "vitest";
import { ManifestError } from "./error.ts";
import type { Program } from "./read.ts";
import { resolveRun } from "./resolve.ts";
import type { RunGrants } from "./run-grants.ts";
import type { Run } from "./schema.ts";

const exampleWith = (runs: Record<string, Run>): Program => ({
  dir: "/projects/hello",
  name: "hello",
  manifest: { description: "Says hello", module: "build/hello.wasm", runs },
});
const nothing: RunGrants = { args: [], env: {}, preopens: {}, stdin: "", wasi: true };
const writable = (path: string): RunGrants["preopens"][string] => ({ path, access: "read-write" });
const hostEnv = { HOME: "/home/me", EMPTY: "", TOKEN: "secret" };

test.each<[what: string, run: Run, options: Partial<RunGrants>]>([
  ["nothing", {}, {}],
  ["args and argv0", { args: ["a"], argv0: "" }, { args: ["a"], argv0: "" }],
  ["a variable", { env: { A: "1" } }, { env: { A: "1" } }],
  ["the host's variable", { inheritEnv: ["HOME"] }, { env: { HOME: "/home/me" } }],
  ["one of the host's that is empty", { inheritEnv: ["EMPTY"] }, { env: { EMPTY: "" } }],
  ["one that the host has not", { inheritEnv: ["MISSING", "HOME"] }, { env: { HOME: "/home/me" } }],
  ["one that is declared as well", { inheritEnv: ["HOME"], env: { HOME: "/" } }, { env: { HOME: "/" } }],
  [
    "a relative directory",
    { preopens: { "/a": "fixtures/a" } },
    { preopens: { "/a": writable("/projects/hello/fixtures/a") } },
  ],
  ["one above", { preopens: { "/a": { path: "../shared" } } }, { preopens: { "/a": writable("/projects/shared") } }],
  ["the example's own", { preopens: { ".": "." } }, { preopens: { ".": writable("/projects/hello") } }],
  ["an absolute one", { preopens: { "/a": "/srv/a" } }, { preopens: { "/a": writable("/srv/a") } }],
  [
    "one to write",
    { preopens: { "/a": { path: "a", access: "read-write" } } },
    { preopens: { "/a": writable("/projects/hello/a") } },
  ],
  [
    "one to read",
    { preopens: { "/a": { path: "a", access: "read-only" } } },
    { preopens: { "/a": { path: "/projects/hello/a", access: "read-only" } } },
  ],
  [
    "directories with limits",
    { preopens: { "/a": { path: "a", maxFiles: 5 }, "/b": { files: {}, maxWrittenBytes: 9, access: "read-only" } } },
    {
      preopens: {
        "/a": { path: "/projects/hello/a", access: "read-write", maxFiles: 5 },
        "/b": { files: {}, access: "read-only", maxWrittenBytes: 9 },
      },
    },
  ],
  ["text for stdin", { stdin: "fixtures/in.txt" }, { stdin: "fixtures/in.txt" }],
  ["a file for stdin", { stdin: { file: "fixtures/in.txt" } }, { stdin: { file: "/projects/hello/fixtures/in.txt" } }],
  [
    "limits",
    { timeoutMs: 10, maxMemoryBytes: 65_536, maxOutputBytes: 1, maxWrittenBytes: 2, maxFiles: 3 },
    { timeoutMs: 10, maxMemoryBytes: 65_536, maxOutputBytes: 1, maxWrittenBytes: 2, maxFiles: 3 },
  ],
  ["a clock", { clock: { start: "2020-07-01T00:00:00Z" } }, { clock: { start: "2020-07-01T00:00:00Z" } }],
  ["a seed, even 0", { randomSeed: 0 }, { randomSeed: 0 }],
  ["no WASI", { wasi: false }, { wasi: false }],
])("a run is granted %s", (_, run, options) => {
  expect(resolveRun(exampleWith({ default: run }), "default", hostEnv)).toEqual({
    name: "default",
    module: "/projects/hello/build/hello.wasm",
    options: { ...nothing, ...options },
    exitCode: 0,
    declared: { file: "/projects/hello/wasi.json", name: "default", runs: { default: run } },
  });
});

test("the first run is the default, and each has its exit code", () => {
  const example = exampleWith({ granted: { exitCode: 3 }, denied: { exitCode: 134 } });
  expect(resolveRun(example)).toMatchObject({ name: "granted", exitCode: 3 });
  expect(resolveRun(example, "denied")).toMatchObject({ name: "denied", exitCode: 134 });
});

test.each<[what: string, name: string, run: Run, message: string]>([
  ["no such run", "other", {}, '/projects/hello/wasi.json has no run named "other". It has: default, second.'],
  [
    "a name that objects have",
    "toString",
    {},
    '/projects/hello/wasi.json has no run named "toString". It has: default, second.',
  ],
])("a run is refused: %s", (_, name, run, message) => {
  const example = exampleWith({ default: run, second: {} });
  expect(() => resolveRun(example, name)).toThrow(new ManifestError(message));
});
