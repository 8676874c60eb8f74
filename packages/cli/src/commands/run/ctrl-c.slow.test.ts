import { constants } from "node:os";
import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { spawn } from "@lydell/node-pty";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { assemble } from "../../../../wasm/test/helpers/assemble.ts";
import { hostile } from "../../../../runner/test/helpers/hostile.ts";
import { bin, makeFolder, manifest, remove } from "../../../test/helpers/command.ts";

const ctrlC = "\u0003";

/** Guests that print a line first, and then never end by themselves. */
const guests = {
  loop: hostile.loop,
  sleep: hostile.sleep,
  read: hostile.read,
  flood: hostile.flood,
  // Each turn takes long, and the engine looks after thousands of them whether it is to stop.
  fill: hostile.loop
    .replace('(memory (export "memory") 1)', '(memory (export "memory") 16384)')
    .replace("(br $again)", "(memory.fill (i32.const 1024) (i32.const 1) (i32.const 0x3ffffb00)) (br $again)"),
} as const;

/** Creates a file in its directory, and never ends. */
const litters = `(module
  (import "wasi_snapshot_preview1" "path_open"
    (func $open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 64) "created")
  (func (export "_start")
    (drop (call $open (i32.const 3) (i32.const 0) (i32.const 64) (i32.const 7)
      (i32.const 1) (i64.const 64) (i64.const 0) (i32.const 0) (i32.const 32)))
    (loop $again (br $again))))`;

let cwd: string;

beforeAll(async () => {
  const modules = Object.entries({ ...guests, litters, "program/litters": litters }).map(
    async ([name, wat]) => [`${name}.wasm`, await assemble(wat)] as const,
  );
  const runs = { default: { preopens: { "/data": "data" } }, next: { preopens: { "/data": "data" } } };
  cwd = await makeFolder({
    ...Object.fromEntries(await Promise.all(modules)),
    "program/data/file.txt": "of somebody's",
    "program/wasi.json": manifest({ module: "litters.wasm", runs }),
    "data/file.txt": "of somebody's",
  });
});
afterAll(() => remove(cwd));

interface Ended {
  exitCode: number;
  signal?: number | undefined;
  shown: string;
}

/** A command in a terminal of its own. */
interface Terminal {
  pid: number;
  shown(): string;
  write(keys: string): void;
  ended: Promise<Ended>;
}

function start(args: readonly string[], folder = cwd, env: NodeJS.ProcessEnv = {}): Terminal {
  const terminal = spawn(
    args[0] === "sh" ? "sh" : process.execPath,
    args[0] === "sh" ? args.slice(1) : [bin, ...args],
    {
      cwd: folder,
      name: "xterm",
      env: { ...process.env, ...env },
    },
  );
  let shown = "";
  terminal.onData((data) => (shown += data));
  return {
    pid: terminal.pid,
    shown: () => shown,
    write: (keys) => terminal.write(keys),
    ended: new Promise((resolve) => terminal.onExit((end) => resolve({ ...end, shown }))),
  };
}

const begun = { timeout: 30_000, interval: 20 } as const;

/** Types once the guest has printed its line. */
async function typeInto(args: readonly string[], keys: string): Promise<Ended> {
  const terminal = start(args);
  await vi.waitFor(() => expect(terminal.shown()).toContain("flood"), begun);
  terminal.write(keys);
  return terminal.ended;
}

test.concurrent.each(Object.keys(guests))(
  "Ctrl-C ends %s as it ends any program, and nothing is said",
  async (guest) => {
    const { signal, shown } = await typeInto(["run", `${guest}.wasm`], ctrlC);
    expect(signal).toBe(constants.signals.SIGINT);
    expect(shown).not.toContain("wasi-kit");
  },
);

test.concurrent.each<[options: string[], said: RegExp]>([
  [["--stats"], /loop\.wasm: .* 1 call, /],
  [["--trace=summary"], /%  +1 .* fd_write/],
  [["--json"], /"outcome": "aborted"/],
])("what %j is to say is said after Ctrl-C, which ends it with 130", async (options, said) => {
  const terminal = start(["run", ...options, "loop.wasm"]);
  await computing(terminal);
  terminal.write(ctrlC);
  const { exitCode, shown } = await terminal.ended;
  expect(exitCode).toBe(130);
  expect(shown).toMatch(said);
});

test.concurrent("what a guest would have changed is said after Ctrl-C", async () => {
  const terminal = start(["run", "--dir", "data::/data::cow", "litters.wasm"]);
  await computing(terminal);
  terminal.write(ctrlC);
  const { exitCode, shown } = await terminal.ended;
  expect(exitCode).toBe(130);
  expect(shown).toContain("a copy-on-write view of data");
});

test.concurrent("output to a file, which is buffered, is written after Ctrl-C", async () => {
  const terminal = start(["sh", "-c", `exec "$0" "$1" run loop.wasm > output.txt`, process.execPath, bin]);
  await computing(terminal);
  terminal.write(ctrlC);
  expect(await terminal.ended).toMatchObject({ exitCode: 130 });
  expect(readFileSync(join(cwd, "output.txt"), "utf8")).toBe("flood\n");
});

test.concurrent("a guest gets a line from the terminal when Enter is pressed, and its end with Ctrl-D", async () => {
  expect(await typeInto(["run", "read.wasm"], "a line\r\u0004")).toMatchObject({ exitCode: 0 });
});

test.concurrent.each([[["run", "--all"]], [["audit"]]])(
  "Ctrl-C ends wasi-kit %j and the runs that would follow, and leaves nothing behind",
  async (args) => {
    const folder = join(cwd, "program");
    const temporary = join(cwd, `tmp-${args[0]}`);
    mkdirSync(temporary);
    const terminal = start(args, folder, { TMPDIR: temporary });
    await computing(terminal);
    terminal.write(ctrlC);
    expect((await terminal.ended).signal).toBe(constants.signals.SIGINT);
    expect(readdirSync(temporary)).toEqual([]);
    expect(readdirSync(join(folder, "data"))).toEqual(["file.txt"]);
  },
);

/** Waits for far longer than a command takes to start: nothing else tells that a guest has begun which shows nothing. */
async function computing({ pid }: Terminal): Promise<void> {
  await vi.waitFor(() => expect(computedFor(pid)).toBeGreaterThan(1500), begun);
}

/** How long a process has computed, in milliseconds. */
function computedFor(pid: number): number {
  const [user, system] = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]!.split(" ").slice(11, 13);
  return (Number(user) + Number(system)) * 10;
}
