import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { GuestMemoryError } from "../../src/imports/calling-guest.ts";
import type { CallingGuest } from "../../src/imports/calling-guest.ts";
import type { Imports } from "../../src/imports/imports.ts";
import { GuestError } from "../../src/guest/guest-error.ts";
import { instantiate } from "../../src/instantiate.ts";
import type { SyncRunOptions } from "../../src/options.ts";
import { run, runSync } from "../../src/run.ts";
import { formatCall } from "../../src/trace/format.ts";
import { catching } from "../helpers/catching.ts";
import { assemble, command } from "../../../wasm/test/helpers/assemble.ts";

/** A command that imports functions of env, by their names and types: `log` as `(param i32 i32)`. */
const calling = (functions: Readonly<Record<string, string>>, start: string, more = ""): Promise<Uint8Array> =>
  assemble(
    command(
      start,
      `${Object.entries(functions)
        .map(([name, type]) => `(import "env" "${name}" (func $${name} ${type}))`)
        .join("\n")} ${more}`,
    ),
  );

const logs = "(param i32 i32)";
const adds = "(param i32 i32) (result i32)";
const greeting = '(data (i32.const 64) "hello\\00 and more")';

const adding = () => calling({ add: adds }, "(call $proc_exit (call $add (i32.const 1) (i32.const 2)))", greeting);

/** What a run with functions of env ended with. */
async function runWith(
  types: Readonly<Record<string, string>>,
  start: string,
  functions: Imports,
  options: SyncRunOptions = {},
) {
  const module = await calling(types, start, greeting);
  return runSync(module, { imports: functions, ...options });
}

/** What a function does with the guest, before a guest of one page that called it ends. */
async function inGuest(use: (guest: CallingGuest) => unknown): Promise<unknown> {
  let found: unknown;
  const result = await runWith({ f: "" }, "(call $f)", (guest) => ({
    env: {
      f: () => {
        found = use(guest);
      },
    },
  }));
  return result.hostError?.error ?? found;
}

const counting: Imports = () => {
  let count = 0;
  return { env: { next: () => ++count } };
};

const unreachable = (): never => {
  throw new Error("It was called.");
};

const loop = (): void => {
  for (;;);
};

/** What a call returns; if it throws, a number. */
const recover = (call: () => number): number => {
  try {
    return call();
  } catch {
    return 77;
  }
};

describe("a guest calls functions", () => {
  test("with numbers of each type, and gets what they return", async () => {
    const types = {
      add: adds,
      wide: "(param i64) (result i64)",
      half: "(param f32 f64) (result f64)",
      two: "(param i32) (result i32 i64)",
      ref: "(param externref) (result externref)",
      done: "(param i32)",
    };
    const got: unknown[] = [];
    const keep = <T>(...args: T[]): void => void got.push(...args);
    const object = { some: "object" };
    const functions = {
      add: (a: number, b: number) => a + b,
      wide: (a: bigint) => a * 2n,
      half: (a: number, b: number) => (a + b) / 2,
      two: (a: number) => [a, BigInt(a)],
      ref: (_: unknown) => (keep(_), object),
      done: (a: number) => keep(a),
    };
    const start = `
      (local $wide i64) (local $small i32)
      (call $two (i32.const -7)) (local.set $wide) (local.set $small)
      (call $done (local.get $small))
      (call $done (i32.wrap_i64 (local.get $wide)))
      (call $done (call $add (i32.const 40) (i32.const 2)))
      (call $done (i32.wrap_i64 (i64.shr_u (call $wide (i64.const 0x7fffffff00000000)) (i64.const 32))))
      (call $done (i32.trunc_f64_s (call $half (f32.const 1) (f64.const 4))))
      (call $done (ref.is_null (call $ref (ref.null extern))))`;
    expect((await runWith(types, start, { env: functions })).outcome).toBe("exited");
    expect(got).toEqual([-7, -7, 42, -2, 2, null, 0]);
  });

  test("from modules of any names, beside those of WASI", async () => {
    const module = await assemble(
      command(
        "(call $a (i32.const 1)) (call $print (i32.const 1) (i32.const 64) (i32.const 5)) (call $b (i32.const 2))",
        `(import "env" "a" (func $a (param i32))) (import "wasi_snapshot_preview1" "sock_open" (func $b (param i32)))
         ${greeting}`,
      ),
    );
    const got: string[] = [];
    const imports = {
      env: { a: (it: number) => got.push(`a ${it}`) },
      wasi_snapshot_preview1: { sock_open: (it: number) => got.push(`sock_open ${it}`) },
      unused: { other() {} },
    };
    expect(runSync(module, { imports })).toMatchObject({ outcome: "exited", stdout: "hello" });
    expect(got).toEqual(["a 1", "sock_open 2"]);
  });

  test("all of them are the caller's without WASI", async () => {
    const module = await assemble(command("(call $print (i32.const 1) (i32.const 64) (i32.const 5))", greeting));
    const imports: Imports = ({ text, view }) => ({
      wasi_snapshot_preview1: {
        fd_write(fd: number, iovs: number, _count: number, _written: number) {
          written.push(`${fd} ${text(view().getUint32(iovs, true), view().getUint32(iovs + 4, true))}`);
          return 0;
        },
        proc_exit() {},
      },
    });
    const written: string[] = [];
    expect(runSync(module, { wasi: false, imports }).outcome).toBe("exited");
    expect(written).toEqual(["1 hello"]);
  });

  test.each([9, 0])("of %d parameters, and with a rest parameter", async (count) => {
    const types = { f: `(param ${"i32 ".repeat(count)}) (result i32)`, g: "(param i32 i32)" };
    const numbers = Array.from({ length: count }, (_, i) => i);
    const got: number[][] = [];
    const start = `(call $g (call $f ${numbers.map((i) => `(i32.const ${i})`).join(" ")}) (i32.const 5))`;
    const functions = { f: (...all: number[]) => all.length, g: (...all: number[]) => got.push(all) };
    expect((await runWith(types, start, { env: functions })).outcome).toBe("exited");
    expect(got).toEqual([[count, 5]]);
  });

  test("made for each guest anew", async () => {
    const module = await calling({ next: "(result i32)" }, "(call $proc_exit (call $next))");
    expect([1, 2].map(() => runSync(module, { imports: counting }).exitCode)).toEqual([1, 1]);
  });

  test("as a library does, from a compiled module, and as a run that is asked for", async () => {
    const bytes = await calling({ add: adds }, "(call $proc_exit (call $add (i32.const 1) (i32.const 2)))");
    const imports = { env: { add: (a: number, b: number) => a + b } };
    const library = await assemble(`(module (import "env" "add" (func $add ${adds}))
      (func (export "twice") (param i32) (result i32) (call $add (local.get 0) (local.get 0))))`);
    using instance = await instantiate<{ twice(a: number): number }>(library, { imports });
    expect(instance.exports.twice(21)).toBe(42);
    expect((await run(bytes, { imports })).exitCode).toBe(3);
    expect((await run(await WebAssembly.compile(bytes as BufferSource), { imports })).exitCode).toBe(3);
  });
});

describe("the guest's memory", () => {
  test.each<[what: string, use: (guest: CallingGuest) => unknown, found: unknown]>([
    ["a text of a size", ({ text }) => text(64, 5), "hello"],
    ["a text up to a NUL", ({ text }) => text(64), "hello"],
    ["no text", ({ text }) => text(64, 0), ""],
    ["a text that is not UTF-8", ({ write, text }) => (write(128, Uint8Array.of(0xff, 0x61)), text(128, 2)), "\uFFFDa"],
    ["a text that is written", ({ write, text }) => [write(128, "größe 🦀"), text(128)], [12, "größe 🦀"]],
    ["bytes that are written", ({ write, bytes }) => [write(65_535, Uint8Array.of(7)), ...bytes(65_535, 1)], [1, 7]],
    ["a number", ({ view }) => (view().setFloat64(8, 0.5, true), view().getFloat64(8, true)), 0.5],
    ["nothing at its very end", ({ bytes }) => bytes(65_536, 0).length, 0],
  ])("%s", async (_, use, found) => {
    expect(await inGuest(use)).toEqual(found);
  });

  test.each<[what: string, use: (guest: CallingGuest) => unknown, address: number, size: number]>([
    ["a text", ({ text }) => text(65_534, 3), 65_534, 3],
    ["a text without an end", ({ write, text }) => (write(65_535, "x"), text(65_535)), 65_535, 2],
    ["a text that begins", ({ text }) => text(70_000), 70_000, 1],
    ["bytes", ({ bytes }) => bytes(65_537, 0), 65_537, 0],
    ["bytes at an address that came as a signed number", ({ bytes }) => bytes(-1, 1), 4_294_967_295, 1],
    ["bytes of a size that came as a signed number", ({ bytes }) => bytes(64, -1), 64, 4_294_967_295],
    ["what is written", ({ write }) => write(65_535, "é"), 65_535, 2],
  ])("%s past its end is an error of its own", async (_, use, address, size) => {
    const error = (await inGuest(use)) as GuestMemoryError;
    expect(error).toBeInstanceOf(GuestMemoryError);
    expect(error).toMatchObject({ name: "GuestMemoryError", address, size, memoryBytes: 65_536 });
    expect(error.message).toBe(
      `${size} bytes at ${address} go past the end of the guest's memory, which has 65536 bytes.`,
    );
  });

  test("it is as large as the guest has made it", async () => {
    const types = { f: "(param i32)" };
    const sizes: number[] = [];
    const imports: Imports = ({ bytes }) => ({ env: { f: (size: number) => sizes.push(bytes(0, size).length) } });
    const start = "(call $f (i32.const 65536)) (drop (memory.grow (i32.const 1))) (call $f (i32.const 131072))";
    expect((await runWith(types, start, imports)).outcome).toBe("exited");
    expect(sizes).toEqual([65_536, 131_072]);
  });

  test("a guest that exports none is told of, and one that has not started", async () => {
    const module = await assemble(
      '(module (import "env" "f" (func $f)) (memory 1) (func (export "_start") (call $f)))',
    );
    expect(runSync(module, { imports: ({ text }) => ({ env: { f: () => void text(0) } }) })).toMatchObject({
      outcome: "host-error",
      hostError: { error: new Error('The guest exports no memory. In WAT: (memory (export "memory") 1).') },
    });
    expect(() => runSync(module, { imports: ({ text }) => (text(0), { env: { f() {} } }) })).toThrow(
      expect.objectContaining({
        code: "E_IMPORTS",
        message:
          "The function that makes the imports threw: The guest is not instantiated yet: its memory and its functions are there once it has started.",
      }),
    );
  });
});

describe("what is imported is checked before the start", () => {
  const types = { log: logs, lag: adds };
  const missing = "the module imports what it was not given as it needs it:\n";

  test.each<[what: string, imports: unknown, code: string, message: string]>([
    [
      "no such function",
      { env: { loog() {}, lag: (...all: number[]) => all.length } },
      "E_IMPORTS",
      `${missing}  env.log: there is no such function. Did you mean env.loog?`,
    ],
    [
      "no such module",
      { host: { log() {}, lag() {} } },
      "E_IMPORTS",
      `${missing}  env.log: there is no such function.\n  env.lag: there is no such function.`,
    ],
    [
      "nothing",
      {},
      "E_IMPORTS",
      `${missing}  env.log: there is no such function.\n  env.lag: there is no such function.`,
    ],
    [
      "no function",
      { env: { log: "text", lag: 5n } },
      "E_IMPORTS",
      `${missing}  env.log: it is "text", and has to be a function\n  env.lag: it is 5n, and has to be a function`,
    ],
    [
      "more parameters than the module passes",
      { env: { log: (_a: number, _b: number, _c: number) => {}, lag() {} } },
      "E_IMPORTS",
      `${missing}  env.log: it takes 3 arguments, and the module passes 2 arguments: (i32, i32) -> ()`,
    ],
    [
      "fewer parameters than the module passes",
      { env: { log: () => {}, lag: (a: number) => a } },
      "E_IMPORTS",
      `${missing}  env.lag: it takes 1 argument, and the module passes 2 arguments: (i32, i32) -> i32`,
    ],
    [
      "what every object has",
      { env: Object.create({ log() {}, lag() {} }) as object },
      "E_IMPORTS",
      `${missing}  env.log: there is no such function.\n  env.lag: there is no such function.`,
    ],
    [
      "a module that is none",
      { env: 5 },
      "E_OPTION",
      "imports.env is 5. imports can be functions by module and name, such as { env: { log() {} } }.",
    ],
    [
      "a function that makes none",
      () => Promise.resolve,
      "E_OPTION",
      "imports is a function. imports can be functions by module and name, such as { env: { log() {} } }.",
    ],
    [
      "a function that throws",
      () => {
        throw new Error("not today");
      },
      "E_IMPORTS",
      "The function that makes the imports threw: not today",
    ],
    [
      "a URL, which only run() can load",
      new URL("file:///functions.js"),
      "E_OPTION",
      "imports is an object. It can be functions by module and name, such as { env: { log() {} } }, or a function that makes them.",
    ],
  ])("%s", async (_, imports, code, message) => {
    const module = await calling(types, "");
    expect(() => runSync(module, { imports: imports as Imports })).toThrow(expect.objectContaining({ code, message }));
  });

  test.each<[what: string, wat: string, problem: string]>([
    ["a memory", '(import "env" "f" (memory 1))', "it is a memory, and only functions can be given"],
    ["a global", '(import "env" "f" (global i32))', "it is a global, and only functions can be given"],
    [
      "a function of two types",
      '(import "env" "f" (func (result i32))) (import "env" "f" (func (result i64)))',
      "it is imported as () -> i32 and as () -> i64, and can be one of them",
    ],
    [
      "a vector",
      '(import "env" "f" (func (param v128)))',
      "it is (v128) -> (), which no function of JavaScript can be",
    ],
    [
      "a function that gives a function",
      '(import "env" "f" (func (result funcref)))',
      "it is () -> funcref, which no function of JavaScript can be",
    ],
  ])("no function can be %s", async (_, wat, problem) => {
    const module = await assemble(`(module ${wat} (func (export "_start")))`);
    const lines = wat.match(/import/g)?.map(() => `  env.f: ${problem}`);
    expect(() => runSync(module, { imports: { env: { f() {} } } })).toThrow(
      expect.objectContaining({ code: "E_IMPORTS", message: `${missing}${lines?.join("\n")}` }),
    );
  });

  test("those of WASI can't be replaced", async () => {
    const module = await assemble(command("(call $print (i32.const 1) (i32.const 64) (i32.const 5))", greeting));
    const imports = { wasi_snapshot_preview1: { fd_write: unreachable, proc_exit: unreachable } };
    expect(runSync(module, { imports })).toMatchObject({ outcome: "exited", stdout: "hello" });
  });

  test("a module that could have had them says so", async () => {
    await expect(run(await calling(types, ""))).rejects.toMatchObject({
      code: "E_IMPORTS",
      message: expect.stringContaining("those that it is given with the option imports of @wasi-kit/runner."),
    });
  });
});

const recurse = (): void => recurse();

describe("a function that throws", () => {
  const thrown = new RangeError("no such code");
  const fail = (): never => {
    throw thrown;
  };
  const check = (it: number): number => (it === 1 ? fail() : it);

  test("ends the run, which names it", async () => {
    const result = await runWith(
      { log: logs },
      "(call $log (i32.const 1) (i32.const 2)) (call $proc_exit (i32.const 7))",
      {
        env: { log: fail },
      },
    );
    expect(result).toMatchObject({ outcome: "host-error", exitCode: 134, stdout: "" });
    expect(result.hostError).toEqual({ function: "env.log", error: thrown });
    expect(result.hostError?.error).toBe(thrown);
    expect(result.trap).toBeUndefined();
  });

  test("ends the call of a library, which can be called again", async () => {
    const library = await assemble(`(module (import "env" "check" (func $check (param i32) (result i32)))
      (func (export "checked") (param i32) (result i32) (call $check (local.get 0))))`);
    using instance = await instantiate<{ checked(it: number): number }>(library, { imports: { env: { check } } });
    expect(instance.exports.checked(5)).toBe(5);
    let error: unknown;
    try {
      instance.exports.checked(1);
    } catch (it) {
      error = it;
    }
    expect(error).toBeInstanceOf(GuestError);
    expect(error).toMatchObject({
      message: "the module: checked ended: env.check threw: no such code",
      outcome: "host-error",
      exitCode: 134,
      cause: thrown,
      hostError: { function: "env.check", error: thrown },
    });
    expect(instance.exports.checked(6)).toBe(6);
  });

  test.each([["text"], [undefined], [null], [0], [{ a: 1 }]])("may throw what is no error: %j", async (value) => {
    const throws = (): never => {
      throw value;
    };
    const { hostError } = await runWith({ f: "" }, "(call $f)", { env: { f: throws } });
    expect(hostError).toEqual({ function: "env.f", error: value });
  });

  test.each<[what: string, type: string, f: () => unknown, message: string]>([
    ["nothing for a number", adds, () => undefined, "it returned undefined, and the guest expects a number (i32)"],
    ["a bigint for a number", adds, () => 5n, "it returned 5n, and the guest expects a number (i32)"],
    [
      "a number for a bigint",
      "(param i32 i32) (result i64)",
      () => 5,
      "it returned 5, and the guest expects a bigint (i64)",
    ],
    ["a promise for a number", adds, async () => 5, "it returned a promise, and a guest can't wait for one"],
    ["a promise for nothing", logs, async () => {}, "it returned a promise, and a guest can't wait for one"],
    [
      "one result of two",
      "(param i32 i32) (result i32 i64)",
      () => [5],
      "it returned an array, and the guest expects an array: number (i32), bigint (i64)",
    ],
    [
      "three results of two",
      "(param i32 i32) (result i32 i64)",
      () => [5, 5n, 5],
      "it returned an array, and the guest expects an array: number (i32), bigint (i64)",
    ],
    [
      "an iterator for two results",
      "(param i32 i32) (result i32 i64)",
      () => [5, 5n].values(),
      "it returned an object, and the guest expects an array: number (i32), bigint (i64)",
    ],
  ])("is what returns %s", async (_, type, f, message) => {
    const drops = "(drop) ".repeat(type.split("result ")[1]?.split(" ").length ?? 0);
    const { outcome, hostError } = await runWith({ f: type }, `(call $f (i32.const 1) (i32.const 2)) ${drops}`, {
      env: { f: f as () => number },
    });
    expect(outcome).toBe("host-error");
    expect(hostError).toEqual({ function: "env.f", error: new TypeError(message) });
  });

  test("is found in a compiled module too, whose types only the engine knows", async () => {
    const bytes = await calling({ f: "(result i64)" }, "(drop (call $f))");
    const result = runSync(new WebAssembly.Module(bytes as BufferSource), { imports: { env: { f: () => 5 } } });
    expect(result).toMatchObject({ outcome: "host-error", hostError: { function: "env.f" } });
    expect(String(result.hostError?.error)).toMatch(/^TypeError: .*BigInt/);
  });

  test("ends a run whose start section called it", async () => {
    const text = `(module (import "env" "f" (func $f)) (memory (export "memory") 1) (start $f) (func (export "_start")))`;
    const bytes = await assemble(text);
    const failing = new TypeError("too early");
    const f = (): never => {
      throw failing;
    };
    for (const module of [bytes, new WebAssembly.Module(bytes as BufferSource)]) {
      expect(runSync(module, { imports: { env: { f } } }).hostError).toEqual({ function: "env.f", error: failing });
    }
  });

  test("is interrupted at the run's timeout", async () => {
    expect(await runWith({ f: "" }, "(call $f)", { env: { f: loop } }, { timeoutMs: 100 })).toMatchObject({
      outcome: "timed-out",
      limit: "timeoutMs",
    });
  });

  test("a guest that catches it does not get over it", async () => {
    expect(runSync(catching("_start"), { imports: { env: { f: fail } } })).toMatchObject({
      outcome: "host-error",
      hostError: { function: "env.f", error: thrown },
    });
    using library = await instantiate<{ call(): void }>(catching("call"), { imports: { env: { f: fail } } });
    expect(() => library.exports.call()).toThrow("the module: call ended: env.f threw: no such code");
  });

  test("because the stack is full is a trap: it is the guest's stack", async () => {
    expect(await runWith({ f: "" }, "(call $f)", { env: { f: recurse } })).toMatchObject({
      outcome: "trapped",
      trap: { message: "Maximum call stack size exceeded" },
    });
  });
});

/** Calls the guest, and then never returns. */
const callingAndLooping: Imports = (guest) => ({
  env: {
    ask: (it: number): unknown => (it > 4 ? ((guest.exports["again"] as (it: number) => void)(it), loop()) : it),
  },
});

describe("a function that calls the guest", () => {
  const types = { ask: "(param i32) (result i32)" };
  const more = `${greeting}
    (func (export "double") (param i32) (result i32) (i32.mul (local.get 0) (i32.const 2)))
    (func (export "trap") (param i32) (result i32) unreachable)
    (func (export "leave") (param i32) (result i32) (call $proc_exit (i32.const 9)) (i32.const 0))
    (func (export "again") (param i32) (result i32) (call $ask (i32.sub (local.get 0) (i32.const 1))))`;
  type Functions = Readonly<Record<"double" | "trap" | "leave" | "again", (it: number) => number>>;
  const asking = (ask: (its: Functions, it: number) => number, start = "(call $proc_exit (call $ask (i32.const 5)))") =>
    calling(types, start, more).then((module) =>
      runSync(module, {
        imports: (guest) => ({
          env: { ask: (it: number): number => ask(guest.exports as unknown as Functions, it) },
        }),
      }),
    );

  test("gets its answer", async () => {
    expect(await asking(({ double }, it) => double(it))).toMatchObject({ outcome: "exited", exitCode: 10 });
  });

  test("can be called by that in turn", async () => {
    expect(await asking(({ again }, it) => (it > 0 ? again(it) + 1 : 1))).toMatchObject({ exitCode: 6 });
  });

  test("ends as the guest does", async () => {
    expect(await asking(({ trap }, it) => trap(it))).toMatchObject({
      outcome: "trapped",
      trap: { message: "unreachable", frames: [{ functionIndex: 4 }] },
    });
    expect(await asking(({ leave }, it) => leave(it))).toMatchObject({ outcome: "exited", exitCode: 9 });
  });

  test("may go on after the guest's end", async () => {
    expect(await asking(({ trap }, it) => recover(() => trap(it)))).toMatchObject({ outcome: "exited", exitCode: 77 });
    const inner = new Error("inner");
    const failing = (its: Functions, it: number): number => {
      if (it === 5) return recover(() => its.again(it));
      throw inner;
    };
    expect(await asking(failing)).toMatchObject({ outcome: "exited", exitCode: 77 });
  });

  test("fails with what the innermost function threw", async () => {
    const error = new Error("deep");
    const failing = ({ again }: Functions, it: number): number => {
      if (it > 0) return again(it);
      throw error;
    };
    expect((await asking(failing)).hostError).toEqual({ function: "env.ask", error });
  });

  test("fills the stack with it, which is a trap", async () => {
    expect(await asking(({ again }, it) => again(it))).toMatchObject({
      outcome: "trapped",
      trap: { message: "Maximum call stack size exceeded" },
    });
  });

  test("may use a library's functions as its caller does", async () => {
    const library = await assemble(`(module (import "env" "f" (func $f (param i32) (result i32)))
      (func (export "outer") (param i32) (result i32) (call $f (local.get 0)))
      (func (export "inner") (param i32) (result i32) (if (i32.eqz (local.get 0)) (then unreachable)) (local.get 0)))`);
    type Its = Record<"outer" | "inner", (it: number) => number>;
    const instance = await instantiate<Its>(library, {
      imports: { env: { f: (it: number): number => instance.exports.inner(it) } },
      timeoutMs: 60_000,
    });
    expect(instance.exports.outer(3)).toBe(3);
    expect(() => instance.exports.outer(0)).toThrow(
      "the module: outer ended: env.f threw: the module: inner trapped: unreachable",
    );
    expect(instance.exports.outer(4)).toBe(4);
    instance.close();
  });

  test("gets over what ended a call that it made as a caller does", async () => {
    const library = await assemble(`(module (import "env" "f" (func $f (param i32) (result i32)))
      (func (export "call") (param i32) (result i32) (call $f (local.get 0))))`);
    const f = (it: number): number => (it > 0 ? recover(() => instance.exports.call(it - 1)) : unreachable());
    const instance = await instantiate<Record<"call", typeof f>>(library, { imports: { env: { f } } });
    expect(instance.exports.call(1)).toBe(77);
    instance.close();
  });

  test("is in the trace if the run ends in it", async () => {
    const { trace } = runSync(await calling(types, "(drop (call $ask (i32.const 5)))", more), {
      imports: callingAndLooping,
      timeoutMs: 200,
      trace: true,
    });
    expect(trace?.map(formatCall)).toEqual([expect.stringContaining("env.ask(4) = 4  "), "env.ask(5)"]);
  });
});

test("a trace has the calls, with those that they made", async () => {
  const types = { ask: "(param i32 i64 f64 externref) (result i32)", log: "" };
  const more = `(func (export "twice") (param i32) (result i32) (call $log) (i32.mul (local.get 0) (i32.const 2)))`;
  const start = "(call $proc_exit (call $ask (i32.const 5) (i64.const -1) (f64.const nan) (ref.null extern)))";
  const result = runSync(await calling(types, start, more), {
    trace: true,
    clock: { start: "2020-07-01T00:00:00Z" },
    imports: (guest) => ({
      env: {
        ask: (it: number, _b: bigint, _c: number, _d: unknown): unknown =>
          (guest.exports["twice"] as (it: number) => number)(it),
        log: () => 5,
      },
    }),
  });
  expect(result.exitCode).toBe(10);
  expect(result.trace?.map(formatCall)).toEqual(["env.log() = ()", "env.ask(5, -1, NaN, null) = 10", "proc_exit(10)"]);
  expect(result.trace?.[1]).toEqual({ module: "env", name: "ask", args: [5, -1, "NaN", "null"], results: [10] });

  const failing = runSync(await calling({ f: "(param i32)" }, "(call $f (i32.const 1))"), {
    trace: true,
    imports: {
      env: {
        f: () => {
          throw new Error("ended");
        },
      },
    },
  });
  expect(failing.trace?.map(formatCall)).toEqual(["env.f(1)"]);
});

describe("functions of a module", () => {
  let folder: string;
  const file = (name: string): string => join(folder, name);

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "wasi-kit-imports-"));
    writeFileSync(file("object.mjs"), "export default { env: { add: (a, b) => a + b } };");
    writeFileSync(
      file("maker.mjs"),
      "export default (guest) => ({ env: { add: (a, b) => guest.text(64).length + a + b } });",
    );
    writeFileSync(file("named.mjs"), "export const env = {};");
    writeFileSync(file("broken.mjs"), "throw new Error('broken')");
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  test("are loaded", async () => {
    const module = await adding();
    expect((await run(module, { imports: file("object.mjs") })).exitCode).toBe(3);
    expect((await run(module, { imports: pathToFileURL(file("maker.mjs")) })).exitCode).toBe(8);
  });

  test.each([
    ["missing.mjs", /^The module of the imports can't be loaded: file:.*missing\.mjs\n/],
    ["broken.mjs", /^The module of the imports can't be loaded: file:.*broken\.mjs\nbroken$/],
    [
      "named.mjs",
      /^The module of the imports has no default export with functions: file:.*\nIn it, write: export default/,
    ],
  ])("can't be loaded: %s", async (name, message) => {
    await expect(run(await adding(), { imports: file(name) })).rejects.toMatchObject({
      code: "E_IMPORTS",
      message: expect.stringMatching(message),
    });
  });
});
