import { readFileSync } from "node:fs";
import { join } from "node:path";
import { compileWat } from "@wasi-kit/compiler/browser";
import { runSync } from "@wasi-kit/runner";
import type { BrowserRunOptions, RunResult } from "@wasi-kit/runner/browser";
import type { Route } from "playwright-core";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { hostile } from "../../packages/runner/test/helpers/hostile.ts";
import type { Hostile } from "../../packages/runner/test/helpers/hostile.ts";
import { assemble, command } from "../../packages/wasm/test/helpers/assemble.ts";
import { root } from "../root.ts";
import { chromiumMissing } from "./chromium.ts";
import { openPage } from "./open-page.ts";
import type { OpenPage } from "./open-page.ts";

let open: OpenPage;
const modules = {} as Record<Hostile, Uint8Array>;
const example = (path: string): Uint8Array => Uint8Array.from(readFileSync(join(root, "examples", path)));

beforeAll(async () => {
  if (chromiumMissing !== undefined) return;
  open = await openPage();
  for (const [name, text] of Object.entries(hostile)) modules[name as Hostile] = await assemble(text);
}, 120_000);
afterAll(() => open?.close());
beforeEach(({ skip }) => skip(chromiumMissing !== undefined, chromiumMissing));

/** Runs a module in the page. */
const run = (bytes: Uint8Array, options: BrowserRunOptions = {}): Promise<RunResult> =>
  open.page.evaluate(([module, given]) => wasiKit.run(module, given), [bytes, options] as const);

/** What is the same in each run. */
const lasting = ({ durationMs: _durationMs, cpuMs: _cpuMs, queueMs: _queueMs, ...rest }: RunResult): object => rest;

const files = { "file.txt": "some text\n" };
const readFile = { args: ["/sandbox/file.txt"], preopens: { "/sandbox": { files } } };

test.each<[what: string, module: () => Uint8Array, options: BrowserRunOptions]>([
  ["prints", () => example("wat/hello/build/hello.wasm"), {}],
  ["reads a file", () => example("rust/read-file/build/read-file.wasm"), readFile],
  ["is denied a file", () => example("assemblyscript/read-file/build/read-file.wasm"), { ...readFile, preopens: {} }],
  [
    "changes files",
    () => example("rust/write-file/build/write-file.wasm"),
    { args: ["append", "/sandbox/file.txt", "and more"], preopens: { "/sandbox": { files } } },
  ],
  ["is traced", () => example("wat/hello/build/hello.wasm"), { trace: true, clock: { start: "2020-07-01T00:00:00Z" } }],
])("a module that %s does the same in a page, in a worker of the page and on Node.js", async (_, module, options) => {
  const bytes = module();
  const onNode = lasting(runSync(bytes, options as Parameters<typeof runSync>[1]));
  const inWorker = await open.page.evaluate(([code, given]) => wasiKit.runInWorker(code, given), [
    bytes,
    options,
  ] as const);
  expect(lasting(await run(bytes, options))).toEqual(onNode);
  expect(lasting(await run(bytes, { ...options, timeoutMs: 20_000 }))).toEqual(onNode);
  expect(lasting(inWorker)).toEqual(onNode);
});

test("a guest calls functions of the page, and in a web worker those of a module", async () => {
  const ask = '(import "env" "ask" (func $ask (param i32 i32) (result i32))) (data (i32.const 64) "text")';
  const asking = await assemble(command("(call $proc_exit (call $ask (i32.const 64) (i32.const 4)))", ask));
  const outOfMemory = await assemble(command("(drop (call $ask (i32.const 65535) (i32.const 4)))", ask));
  const ends = await open.page.evaluate(
    async ([module, failing]) => {
      const text = "export default (guest) => ({ env: { ask: (at, size) => guest.text(at, size).length } });";
      const imports = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
      const inPage = await wasiKit.run(module, {
        imports: (guest) => ({ env: { ask: (at: number, size: number) => guest.text(at, size).length + 1 } }),
      });
      const fromModule = await wasiKit.run(module, { imports });
      const inWorker = await wasiKit.run(module, { imports, timeoutMs: 20_000 });
      const { outcome, hostError } = await wasiKit.run(failing, { imports, timeoutMs: 20_000 });
      return [inPage.exitCode, fromModule.exitCode, inWorker.exitCode, outcome, String(hostError?.error)];
    },
    [asking, outOfMemory] as const,
  );
  expect(ends).toEqual([
    5,
    4,
    4,
    "host-error",
    "GuestMemoryError: 4 bytes at 65535 go past the end of the guest's memory, which has 65536 bytes.",
  ]);
});

test("a library's functions are called in the page, keep what they store, and throw what ends them", async () => {
  const library = await assemble(`(module
    (import "env" "priceOf" (func $priceOf (param i32) (result i32)))
    (memory (export "memory") 1)
    (global $sum (mut i32) (i32.const 0))
    (func (export "buy") (param $number i32) (result i32)
      (global.set $sum (i32.add (global.get $sum) (call $priceOf (local.get $number))))
      (global.get $sum))
    (func (export "fail") unreachable))`);
  const outcome = await open.page.evaluate(
    async ([shop, hello]) => {
      const { exports, close } = await wasiKit.instantiate<{ buy(number: number): number; fail(): void }>(shop, {
        imports: { env: { priceOf: (number: number) => number * 2 } },
      });
      const sums = [exports.buy(1), exports.buy(4)];
      let failed = "";
      try {
        exports.fail();
      } catch (error) {
        failed = String(error);
      }
      close();
      const refused = await Promise.all([
        wasiKit.instantiate(hello).catch(String),
        wasiKit.instantiate(shop, { timeoutMs: 100 } as object).catch(String),
      ]);
      return { sums, failed, refused };
    },
    [library, example("wat/hello/build/hello.wasm")] as const,
  );
  expect(outcome).toEqual({
    sums: [2, 10],
    failed: "GuestError: the module: fail trapped: unreachable",
    refused: [
      "WasiKitError: the module exports _start: it is a command, which runs once from its start to its end.\nRun it: run() of @wasi-kit/runner.",
      expect.stringMatching(/^WasiKitError: instantiate\(\) has no option timeoutMs\./),
    ],
  });
});

test("a function that returns a promise is not ignored, in a page and in a web worker", async () => {
  const messages = await open.page.evaluate(async (module) => {
    const fail = (options: object): Promise<string> =>
      wasiKit.run(module, { ...options, stdout: () => Promise.resolve() }).then(
        () => "",
        (error: unknown) => (error as Error).message,
      );
    return [await fail({}), await fail({ timeoutMs: 20_000 })];
  }, modules["flood"]);
  const message =
    "A function that takes output returned a promise, and the guest can't wait for it here.\n" +
    "Pass a function that is done when it returns: a guest in a browser can't wait.";
  expect(messages).toEqual([message, message]);
});

test.each<[name: Hostile]>([["loop"], ["sleep"]])("a guest that would never end is ended: %s", async (name) => {
  const result = await run(modules[name], { timeoutMs: 300 });
  expect(result).toMatchObject({ outcome: "timed-out", limit: "timeoutMs", exitCode: 124, stdout: "flood\n" });
  expect(result.durationMs).toBeGreaterThanOrEqual(300);
  expect(result.durationMs).toBeLessThan(2000);
});

test.each<[name: Hostile]>([["loop"], ["sleep"]])("a signal ends a guest at once: %s", async (name) => {
  const times = await open.page.evaluate(async (module) => {
    const abort = async (): Promise<[outcome: string, ms: number]> => {
      const controller = new AbortController();
      let aborted = 0;
      const stdout = (): void => {
        aborted = performance.now();
        controller.abort();
      };
      const { outcome } = await wasiKit.run(module, { signal: controller.signal, stdout });
      return [outcome, performance.now() - aborted];
    };
    return [await abort(), await abort(), await abort()];
  }, modules[name]);
  expect(times.map(([outcome]) => outcome)).toEqual(["aborted", "aborted", "aborted"]);
  // The machine may be busy with something else.
  expect(Math.min(...times.map(([, ms]) => ms))).toBeLessThan(200);
});

test("what a guest has written is there when it is ended, however soon that is", async () => {
  const print = "(drop (call $fd_write (i32.const 1) (i32.const 16) (i32.const 1) (i32.const 8)))";
  const loop = await assemble(hostile.loop.replace(print, print.repeat(10)));
  const counts = await open.page.evaluate(async (module) => {
    const countChunks = async (): Promise<number> => {
      const controller = new AbortController();
      let chunks = 0;
      const stdout = (): void => {
        chunks++;
        controller.abort();
      };
      await wasiKit.run(module, { signal: controller.signal, stdout });
      return chunks;
    };
    return [await countChunks(), await countChunks(), await countChunks()];
  }, loop);
  // The machine may be busy with something else, so that the guest has not come that far.
  expect(Math.max(...counts)).toBe(10);
});

test("a worker ends with its run, and with its pool", async () => {
  const { outcome, alive } = await open.page.evaluate(
    async ([hello, loop]) => {
      const workers = new Set<Worker>();
      const OwnWorker = Worker;
      globalThis.Worker = class extends OwnWorker {
        constructor(...args: ConstructorParameters<typeof Worker>) {
          super(...args);
          workers.add(this);
        }
        override terminate(): void {
          workers.delete(this);
          super.terminate();
        }
      };
      await wasiKit.run(loop, { timeoutMs: 50 });
      await wasiKit.run(hello, { timeoutMs: 10_000 });
      const pool = wasiKit.createPool({ size: 2 });
      await Promise.all([pool.run(hello), pool.run(hello)]);
      const kept = workers.size;
      const last = pool.run(hello);
      await pool.close();
      globalThis.Worker = OwnWorker;
      return { outcome: (await last).outcome, alive: [kept, workers.size] };
    },
    [example("wat/hello/build/hello.wasm"), modules.loop] as const,
  );
  expect({ outcome, alive }).toEqual({ outcome: "exited", alive: [2, 0] });
});

test("a page may call a guest that waits, which takes the time that it takes", async () => {
  const wait = await assemble(hostile.sleep.replace("3600000000000", "50000000"));
  for (const options of [{}, { timeoutMs: 10_000 }]) {
    const { outcome, durationMs } = await run(wait, options);
    expect(outcome).toBe("exited");
    expect(durationMs).toBeGreaterThanOrEqual(50);
    expect(durationMs).toBeLessThan(2000);
  }
});

test("a pool keeps its worker, also after a run that failed, and gets another one for one that was ended", async () => {
  const ends = await open.page.evaluate(
    async ([hello, loop]) => {
      const pool = wasiKit.createPool({ size: 1 });
      const quiet = { timeoutMs: 100 };
      const runs = [
        pool.run(hello),
        pool.run(hello, { args: ["\0"] }),
        pool.run(loop, quiet),
        pool.run(hello, { wasi: false }),
        pool.run(hello),
      ];
      const settled = await Promise.allSettled(runs);
      await pool.close();
      const late = await pool.run(hello).catch((error: unknown) => error as { code: string });
      return [
        ...settled.map((it) => (it.status === "fulfilled" ? it.value.outcome : (it.reason as { code: string }).code)),
        "code" in late ? late.code : "",
      ];
    },
    [example("wat/hello/build/hello.wasm"), modules.loop] as const,
  );
  expect(ends).toEqual(["exited", "E_OPTION", "timed-out", "E_IMPORTS", "exited", "E_POOL_CLOSED"]);
});

test("a pool that is closed with abort ends what runs, and what waits does not begin", async () => {
  const ends = await open.page.evaluate(async (loop) => {
    const pool = wasiKit.createPool({ size: 1 });
    let isStarted: (() => void) | undefined;
    const started = new Promise<void>((resolve) => {
      isStarted = resolve;
    });
    const runs = [pool.run(loop, { stdout: () => isStarted?.() }), pool.run(loop)];
    await started;
    await pool.close({ abort: true });
    const settled = await Promise.allSettled(runs);
    return settled.map((it) => (it.status === "fulfilled" ? it.value.outcome : (it.reason as { code: string }).code));
  }, modules.loop);
  expect(ends).toEqual(["aborted", "E_POOL_CLOSED"]);
});

test("runs of a key begin in the order in which they were asked for, however long their modules take to load", async () => {
  const hello = example("wat/hello/build/hello.wasm");
  let answer: (() => void) | undefined;
  const answered = new Promise<void>((resolve) => {
    answer = resolve;
  });
  await open.page.route("**/slow.wasm", async (route) => {
    await answered;
    await route.fulfill({ body: Buffer.from(hello) });
  });
  await open.page.route("**/answer", (route) => {
    answer?.();
    return route.fulfill();
  });
  const ended = await open.page.evaluate(async (module) => {
    const pool = wasiKit.createPool({ size: 1 });
    const names: string[] = [];
    const runAs = async (name: string, source: string | Uint8Array, key: string): Promise<void> => {
      await pool.run(source, { key });
      names.push(name);
    };
    const line = [runAs("slow", "/slow.wasm", "a"), runAs("after it", module, "a")];
    await runAs("another key", module, "b");
    await fetch("/answer");
    await Promise.all(line);
    await pool.close();
    return names;
  }, hello);
  await open.page.unrouteAll();
  expect(ended).toEqual(["another key", "slow", "after it"]);
});

test("a module that can't be fetched fails its run alone, also one that is cancelled while it is fetched", async () => {
  const hanging: Route[] = [];
  await open.page.route("**/hangs.wasm", (route) => void hanging.push(route));
  const { ends, late } = await open.page.evaluate(async (hello) => {
    const pool = wasiKit.createPool({ size: 1 });
    const settled = await Promise.allSettled([
      pool.run("/hangs.wasm", { signal: AbortSignal.timeout(50) }),
      pool.run("/hangs.wasm", { queueTimeoutMs: 50 }),
      pool.run("/not-there.wasm"),
      pool.run(hello),
    ]);
    await pool.close();
    return {
      ends: settled.map((it) => (it.status === "fulfilled" ? it.value.outcome : (it.reason as { code: string }).code)),
      late: String((settled[1] as PromiseRejectedResult).reason),
    };
  }, example("wat/hello/build/hello.wasm"));
  for (const route of hanging) await route.abort();
  await open.page.unrouteAll();
  expect(hanging).toHaveLength(2);
  expect(ends).toEqual(["E_ABORTED", "E_QUEUE_TIMEOUT", "E_MODULE_NOT_FOUND", "exited"]);
  expect(late).toMatch(/ was not loaded within 50 ms, .*\nTry again later, or raise queueTimeoutMs\.$/);
});

test("a pool that is closed makes the runs whose modules are still being compiled, and with abort does not", async () => {
  const ends = await open.page.evaluate(async (hello) => {
    const end = async (how: { abort: boolean }): Promise<string> => {
      const pool = wasiKit.createPool({ size: 1 });
      const outcomeOrCode = pool.run(hello).then(
        ({ outcome }) => outcome,
        ({ code }: { code: string }) => code,
      );
      await pool.close(how);
      return outcomeOrCode;
    };
    return [await end({ abort: false }), await end({ abort: true })];
  }, example("wat/hello/build/hello.wasm"));
  expect(ends).toEqual(["exited", "E_POOL_CLOSED"]);
});

test("a guest that floods its output is limited, and the page keeps up", async () => {
  const result = await run(modules.flood, { timeoutMs: 20_000, maxOutputBytes: 6_000_000 });
  expect(result).toMatchObject({ outcome: "output-limit", limit: "maxOutputBytes" });
  expect(result.stdout).toBe("flood\n".repeat(1_000_000));
});

test("each write to a function comes in order, and what the function throws ends the run", async () => {
  const bytes = await assemble(
    command(
      "(call $print (i32.const 1) (i32.const 64) (i32.const 1)) (call $print (i32.const 2) (i32.const 65) (i32.const 1)) (call $print (i32.const 1) (i32.const 66) (i32.const 1))",
      '(data (i32.const 64) "abc")',
    ),
  );
  const { heard, failure } = await open.page.evaluate(async (module) => {
    const chunks: string[] = [];
    const hear = (name: string) => (chunk: Uint8Array) =>
      void chunks.push(`${name} ${new TextDecoder().decode(chunk)}`);
    const targets = { stdout: hear("out"), stderr: hear("err") };
    await wasiKit.run(module, { ...targets, timeoutMs: 10_000 });
    await wasiKit.run(module, targets);
    const failing = wasiKit.run(module, {
      timeoutMs: 10_000,
      stdout() {
        throw new Error("no more of that");
      },
    });
    const failed = await failing.catch(String);
    return { heard: chunks, failure: failed };
  }, bytes);
  expect(heard).toEqual(["out a", "err b", "out c", "out a", "err b", "out c"]);
  expect(failure).toBe("Error: no more of that");
});

test("a trap has the functions that were running, and an explanation", async () => {
  const { result, frames, explanation } = await open.page.evaluate(async (module) => {
    const ended = await wasiKit.run(module, { timeoutMs: 10_000, args: ["/sandbox/file.txt"] });
    return {
      result: ended,
      frames: ended.trap?.frames.map((it) => wasiKit.formatFrame(it)),
      explanation: wasiKit.explain({ end: ended, options: { args: ["/sandbox/file.txt"] } }),
    };
  }, example("wat/read-file/build/read-file.wasm"));
  expect(result).toMatchObject({ outcome: "trapped", exitCode: 134, trap: { message: "unreachable" } });
  expect(frames?.at(-1)).toMatch(/^_start|^main|wasm-function/);
  expect(explanation).toMatchObject({
    diagnosis: "no directory granted",
    missingGrant: { kind: "preopen", path: "/sandbox/file.txt" },
  });
});

test("a trap has its place in the source, by the source map in the module", async () => {
  const bytes = await compileWat(
    '(module (memory (export "memory") 1)\n (func $start (export "_start") unreachable))',
    "a.wat",
  );
  const frames = await open.page.evaluate(
    async (module) => (await wasiKit.run(module)).trap?.frames.map((it) => wasiKit.formatFrame(it)),
    bytes,
  );
  expect(frames).toEqual(["start (a.wat:2:33)"]);
});

/** A file of text, as a difference has it. */
const file = (text: string): object => ({
  kind: "file",
  bytes: text.length,
  executable: false,
  content: new Uint8Array(Buffer.from(text)),
});

test("what a run changed is listed as what was there and what is there", async () => {
  const preopens = { "/sandbox": { files: { "file.txt": "one\n", "other.txt": "same" } } };
  const options = { args: ["append", "/sandbox/file.txt", "two\n"], preopens };
  const listed = await open.page.evaluate(
    async ([module, given]) => {
      const { changes = {} } = await wasiKit.run(module, given);
      return wasiKit
        .listDifferences(changes, given.preopens)
        .map(([guestPath, all]) => [guestPath, all, all.map((it) => wasiKit.describeDifference(it))]);
    },
    [example("wat/write-file/build/write-file.wasm"), options] as const,
  );
  expect(listed).toEqual([
    [
      "/sandbox",
      [{ path: "file.txt", before: file("one\n"), after: file("one\ntwo\n"), differsAt: 4 }],
      ["changed file.txt: 8 bytes, was 4"],
    ],
  ]);
});

test("memory is limited, and a recursion without an end is a trap", async () => {
  expect(await run(modules.grow, { maxMemoryBytes: 1_000_000, timeoutMs: 10_000 })).toMatchObject({
    outcome: "out-of-memory",
    limit: "maxMemoryBytes",
  });
  expect(await run(modules.recurse)).toMatchObject({
    outcome: "trapped",
    trap: { message: "Maximum call stack size exceeded" },
  });
});

test.each<[what: string, options: object, message: string]>([
  ["a directory", { preopens: { "/data": "data" } }, "a browser has no directories"],
  ["a directory with an access", { preopens: { "/data": { path: "data" } } }, "a browser has no directories"],
  ["a file", { stdin: { file: "in.txt" } }, "a browser has no files and no descriptors"],
  ["a descriptor to read", { stdin: { fd: 0 } }, "a browser has no files and no descriptors"],
  ["a descriptor to write", { stdout: { fd: 1 } }, "a browser has no descriptors"],
  ["Ctrl-C", { handleSigint: true }, "run() has no option handleSigint"],
])("what only a host with files has is refused: %s", async (_, options, message) => {
  const error = await open.page.evaluate(
    ([module, given]) =>
      wasiKit.run(module, given).catch((thrown: unknown) => {
        const { name, code, message: text } = thrown as Error & { code: string };
        return { name, code, text };
      }),
    [example("wat/hello/build/hello.wasm"), options as BrowserRunOptions] as const,
  );
  expect(error).toEqual({ name: "WasiKitError", code: "E_OPTION", text: expect.stringContaining(message) });
});

test("a module is fetched by its URL, and has the name of its file", async () => {
  const bytes = Buffer.from(example("rust/args-env/build/args-env.wasm"));
  await open.page.route("**/modules/args-env.wasm*", (route) => route.fulfill({ body: bytes }));
  await open.page.route("**/modules/text.wasm", (route) => route.fulfill({ body: "(module)" }));
  const [ended, ...errors] = await open.page.evaluate(async () => [
    JSON.stringify((await wasiKit.run("/modules/args-env.wasm?v=1", { args: ["one"], trace: true })).trace),
    ...(await Promise.all(
      ["/modules/none.wasm", "/modules/text.wasm", "http://127.0.0.1:1/no.wasm"].map((url) =>
        wasiKit.run(url).catch((error: Error & { code: string }) => `${error.code}: ${error.message.split("\n")[0]}`),
      ),
    )),
  ]);
  expect(ended).toContain('["args-env.wasm","one"]');
  expect(errors).toEqual([
    "E_MODULE_NOT_FOUND: There is no module at /modules/none.wasm: the server answers 404.",
    expect.stringContaining("E_NOT_WASM: /modules/text.wasm is not WebAssembly"),
    expect.stringContaining("E_MODULE_NOT_FOUND: The module http://127.0.0.1:1/no.wasm can't be fetched"),
  ]);
});

test("a worker whose script can't be loaded fails the run, and says so", async () => {
  await open.page.route("**/assets/worker-*.js", (route) => route.abort());
  const failure = await open.page.evaluate(
    (module) => wasiKit.run(module, { timeoutMs: 10_000 }).catch(String),
    example("wat/hello/build/hello.wasm"),
  );
  await open.page.unroute("**/assets/worker-*.js");
  expect(failure).toContain("A web worker of the pool failed");
});

test("the sample in the documents does what they say", async () => {
  const page = await open.browser.newPage();
  const lines: string[] = [];
  page.on("console", (message) => lines.push(message.text()));
  page.on("pageerror", (error) => lines.push(String(error)));
  const body = Buffer.from(example("rust/read-file/build/read-file.wasm"));
  await page.route("**/modules/read-file.wasm", (route) => route.fulfill({ body }));
  await page.goto(`${open.url}sample.html`);
  await expect.poll(() => lines).toHaveLength(2);
  expect(lines).toEqual([
    "Water the plants.\n",
    expect.stringMatching(/^trapped It asked for \/notes\/today.txt, and no directory was granted to it\./),
  ]);
  await page.close();
});
