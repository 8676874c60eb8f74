import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { assemble, wasi } from "../../../wasm/test/helpers/assemble.ts";

const mebibyte = 2 ** 20;
const limits = {
  maxMemoryBytes: 8 * mebibyte,
  maxTableElements: 100_000,
  maxWrittenBytes: 2 * mebibyte,
  maxOutputBytes: mebibyte,
};
/** What these limits amount to: an element of a table takes 32 bytes. */
const allowed = 8 * mebibyte + 32 * 100_000 + 2 * mebibyte + mebibyte;

/** Takes all that it may have of memory, tables, files and output, and then waits for its end. */
const hog = `(module ${wasi({
  fd_write: "i32 i32 i32 i32",
  path_open: "i32 i32 i32 i32 i32 i64 i64 i32 i32",
  poll_oneoff: "i32 i32 i32 i32",
})}
  (memory (export "memory") 2) (table $t 1 funcref)
  (data (i32.const 64) "f")
  (func $write (param $fd i32) (result i32)
    (i32.store (i32.const 0) (i32.const 65536)) (i32.store (i32.const 4) (i32.const 65536))
    (call $fd_write (local.get $fd) (i32.const 0) (i32.const 1) (i32.const 8)))
  (func (export "_start") (local $left i32)
    (loop $again (br_if $again (i32.ne (memory.grow (i32.const 1)) (i32.const -1))))
    (memory.fill (i32.const 128) (i32.const 1) (i32.sub (i32.mul (memory.size) (i32.const 65536)) (i32.const 128)))
    ${[1000, 1].map((count) => `(loop $again (br_if $again (i32.ne (table.grow $t (ref.null func) (i32.const ${count})) (i32.const -1))))`).join(" ")}
    (drop (call $path_open (i32.const 3) (i32.const 0) (i32.const 64) (i32.const 1) (i32.const 9) (i64.const 64) (i64.const 64) (i32.const 0) (i32.const 20)))
    (loop $again (br_if $again (i32.eqz (call $write (i32.load (i32.const 20))))))
    (local.set $left (i32.const 16))
    (loop $again
      (drop (call $write (i32.const 1)))
      (br_if $again (local.tee $left (i32.sub (local.get $left) (i32.const 1)))))
    (memory.fill (i32.const 128) (i32.const 0) (i32.const 128))
    (i32.store (i32.const 144) (i32.const 1)) (i64.store (i32.const 152) (i64.const 3600000000000))
    (drop (call $poll_oneoff (i32.const 128) (i32.const 256) (i32.const 1) (i32.const 8)))))`;

test("a hundred guests at once that take all they may have take no more than that", async () => {
  // A process of its own, since others would take memory in this one.
  const script = `
    import { createPool } from ${JSON.stringify(new URL("../../dist/index.js", import.meta.url).href)};
    const count = 100;
    const pool = createPool({ size: count });
    const limits = ${JSON.stringify(limits)};
    const module = await pool.prepare(Buffer.from("${Buffer.from(await assemble(hog, { bulk_memory: true, reference_types: true })).toString("base64")}", "base64"),
      { maxMemoryBytes: limits.maxMemoryBytes, maxTableElements: limits.maxTableElements });
    const { maxMemoryBytes, maxTableElements, ...others } = limits;
    const base = process.memoryUsage.rss();
    const sizes = Array(count).fill(0);
    let busy = 0;
    const print = () => {
      const each = (process.resourceUsage().maxRSS * 1024 - base) / count;
      console.log(JSON.stringify({ busy, each }));
      process.exit();
    };
    for (let i = 0; i < count; i++) {
      const stdout = (chunk) => {
        sizes[i] += chunk.length;
        // Each has written all that it may, and waits.
        if (sizes[i] === limits.maxOutputBytes && ++busy === count) setTimeout(print, 500);
      };
      void pool.run(module, { ...others, preopens: { "/": { files: {} } }, timeoutMs: 300_000, stdout });
    }`;
  const options = ["--input-type=module", "--eval", script];
  const { stdout } = await promisify(execFile)(process.execPath, options, { timeout: 200_000 });
  const { each, busy } = JSON.parse(stdout) as { each: number; busy: number };
  expect(busy).toBe(100);
  // Besides, a worker takes 13 to 18 MB, its share of what V8 keeps for later, and 512 KiB for output on its way.
  expect(each).toBeLessThan(allowed + 32 * mebibyte);
}, 240_000);
