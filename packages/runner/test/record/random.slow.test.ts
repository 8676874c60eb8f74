import * as fc from "fast-check";
import { expect, test } from "vitest";
import { functions, rights } from "@wasi-kit/wasi/abi";
import type { FunctionName } from "@wasi-kit/wasi/abi";
import { replay } from "../../src/record/replay.ts";
import { runOnCopies } from "../../src/run-on-copies.ts";
import { assemble } from "../../../wasm/test/helpers/assemble.ts";
import { makeTree } from "../../../wasm/test/helpers/tree.ts";
import { rawCalls, texts } from "../sandbox/random/raw-calls.ts";
import type { RawCall } from "../sandbox/random/raw-calls.ts";
import { comparable } from "./compare.ts";

const programs = Number(process.env["WASI_KIT_FUZZ_RUNS"] ?? 100);
const is64: ReadonlySet<string> = new Set(["u64", "i64", "timestamp", "rights", "dircookie"]);

const all = (1n << 28n) - 1n;
const reading = all & ~BigInt(rights("fd_write", "fd_datasync", "fd_allocate", "fd_filestat_set_size"));

/** Opens two directories and a file, so that calls have descriptors to go on with. */
const opening: readonly RawCall[] = (
  [
    ["dir", 2, reading],
    ["dir/sub", 2, reading],
    ["file", 0, all],
  ] as const
).map(([path, oflags, base]) => {
  const [address] = texts.find(([, text]) => text === path) as (typeof texts)[number];
  return ["path_open", 3, 1, address, path.length, oflags, base, all, 0, 0x300];
});

/** A command that makes calls with these very arguments, and then writes its memory of four pages to stderr. */
function program(calls: readonly RawCall[]): Promise<Uint8Array> {
  const names = [
    ...new Set<FunctionName>([...calls.map(([name]) => name), "fd_write", "random_get", "clock_time_get"]),
  ];
  const imports = names.map((name) => {
    const types = functions[name].map(([, type]) => (is64.has(type) ? "i64" : "i32"));
    return `(import "wasi_snapshot_preview1" "${name}" (func $${name} (param ${types.join(" ")}) (result i32)))`;
  });
  const data = texts.map(([address, text]) => {
    const bytes = [...new TextEncoder().encode(text)].map((it) => `\\${it.toString(16).padStart(2, "0")}`);
    return `(data (i32.const ${address}) "${bytes.join("")}")`;
  });
  const body = calls.map(([name, ...args], i) => {
    const values = functions[name].map(([, type], at) => `(${is64.has(type) ? "i64" : "i32"}.const ${args[at]})`);
    return `(i32.store16 (i32.const ${0x2000 + 2 * i}) (call $${name} ${values.join(" ")}))`;
  });
  return assemble(`(module ${imports.join("\n")} (memory (export "memory") 4) ${data.join("\n")}
    (func (export "_start")
      (drop (call $random_get (i32.const 0x2800) (i32.const 16)))
      (drop (call $clock_time_get (i32.const 0) (i64.const 1) (i32.const 0x2900)))
      (i32.store (i32.const 0x100) (i32.const 0x9000)) (i32.store (i32.const 0x104) (i32.const 64))
      ${body.join("\n")}
      (i32.store (i32.const 0x2ff4) (i32.const 0x40000)) (i32.store (i32.const 0x2ff0) (i32.const 0))
      (drop (call $fd_write (i32.const 2) (i32.const 0x2ff0) (i32.const 1) (i32.const 0x2ff8)))))`);
}

test(
  `${programs} random programs with files do the same in a replay, down to each byte of their memory`,
  { timeout: 600_000 },
  async () => {
    const sequences = fc.sample(rawCalls, { numRuns: programs, seed: 17 });
    for (const calls of sequences) {
      const tree = makeTree({
        file: "inside",
        dir: { file: "inside dir", sub: { file: "inside sub" } },
        way: { to: "dir" },
      });
      const module = await program([...opening, ...calls]);
      const options = {
        preopens: { "/root": tree },
        args: ["a", "é"],
        env: { A: "1" },
        stdin: "some text",
        trace: true,
      };
      const { differences: _, timeoutMs: _t, ...result } = runOnCopies(module, { ...options, record: "with-module" });
      const replayed = await replay(result.recording as Uint8Array, { trace: true });
      expect({ calls, ...comparable(replayed, options) }).toEqual({ calls, ...comparable(result, options) });
    }
  },
);
