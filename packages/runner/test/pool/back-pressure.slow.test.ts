import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { assemble } from "../../../wasm/test/helpers/assemble.ts";

const mebibyte = 2 ** 20;

/** Writes to stdout for ever, a million bytes at a time. */
const writesOn = `(module (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 16) (data (i32.const 4) "\\40\\42\\0f\\00")
  (func (export "_start") (loop $again
    (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))
    (br $again))))`;

/** Readers that take 1 MB a second, as the script below has them. */
const readers = {
  "an async function": "take",
  "a stream of Node.js":
    "new Writable({ write: (chunk, encoding, callback) => void take(chunk).then(() => callback()) })",
  "a WritableStream": "new WritableStream({ write: take })",
  "a response of a web server":
    "(() => { const { readable, writable } = new TransformStream(); void (async () => { for await (const it of readable) await take(it); })().catch(() => {}); return writable; })()",
};

test.each(Object.entries(readers))(
  "a guest that writes without end to %s takes no memory, and its time ends it",
  async (_, reader) => {
    // A process of its own, since others would take memory in this one.
    const script = `
    import { Writable } from "node:stream";
    import { setTimeout as delay } from "node:timers/promises";
    import { createPool } from ${JSON.stringify(new URL("../../dist/index.js", import.meta.url).href)};
    const pool = createPool({ size: 1 });
    const module = await pool.prepare(Buffer.from("${Buffer.from(await assemble(writesOn)).toString("base64")}", "base64"));
    await pool.run(module, { maxOutputBytes: 4e6, stdout: () => {} });
    let taken = 0;
    const take = async (chunk) => {
      await delay(chunk.length / 1e3);
      taken += chunk.length;
    };
    const base = process.memoryUsage.rss();
    let peak = base;
    const timer = setInterval(() => (peak = Math.max(peak, process.memoryUsage.rss())), 5);
    const { outcome, limit, stats } = await pool.run(module, { timeoutMs: 3000, maxOutputBytes: Infinity, stdout: ${reader} });
    clearInterval(timer);
    await pool.close();
    console.log(JSON.stringify({ outcome, limit, taken, over: peak - base }));
    process.exit();`;
    const options = ["--input-type=module", "--eval", script];
    const { stdout } = await promisify(execFile)(process.execPath, options, { timeout: 60_000 });
    const { taken, over, ...end } = JSON.parse(stdout) as Record<string, unknown>;
    expect(end).toEqual({ outcome: "timed-out", limit: "timeoutMs" });
    // Some of a stream that nobody slows down: hundreds of megabytes.
    expect(taken).toBeGreaterThan(mebibyte / 2);
    expect(taken).toBeLessThan(8 * mebibyte);
    expect(over).toBeLessThan(64 * mebibyte);
  },
);
