import type { RunOptions } from "../../src/options.ts";
import type { AbiName } from "@wasi-kit/wasi/abi";
import { errno, functions } from "@wasi-kit/wasi/abi";
import type { RunResult } from "../../src/result.ts";
import { run } from "../../src/run.ts";
import { assemble } from "../../../wasm/test/helpers/assemble.ts";

/** A call: the function, then its arguments. A text stands for its address and its size. */
export type Call = readonly [name: keyof typeof functions, ...args: (number | bigint | string)[]];

/** What calls gave back. */
export interface Answers {
  /** The name of each call's errno. */
  errors: string[];
  /** The guest's memory at its end. */
  memory: DataView;
  /** The text at an address. */
  text(address: number, size: number): string;
  result: RunResult;
}

const is64 = new Set(["u64", "i64", "timestamp", "rights", "dircookie"]);
const errorNames = Object.fromEntries(Object.entries(errno).map(([name, code]) => [code, name]));
const [errorsAt, textsAt, pageSize] = [0x8000, 0xa000, 0x10000];

/**
 * Makes a module that makes these calls and no others, one after another, and
 * runs it. Its memory is a page: addresses below 0x8000 are free for results.
 * It ends by writing its memory to stderr, which is where the answers come from.
 */
export async function runCalls(calls: readonly Call[], options: RunOptions = {}, abi?: AbiName): Promise<Answers> {
  const result = await run(await compile(program(calls, abi)), options);
  if (result.stderrBytes.length < pageSize)
    throw new Error(`The calls did not come to their end: ${result.trap?.message}`);
  const page = Uint8Array.from(result.stderrBytes.slice(-pageSize));
  const memory = new DataView(page.buffer);
  return {
    errors: calls.map((_, i) => errorNames[memory.getUint32(errorsAt + 4 * i, true)] ?? "?"),
    memory,
    text: (address, size) => Buffer.from(page.subarray(address, address + size)).toString(),
    result,
  };
}

/** Compiles WAT. */
export async function compile(source: string): Promise<WebAssembly.Module> {
  return WebAssembly.compile((await assemble(source)) as BufferSource);
}

function program(calls: readonly Call[], abi: AbiName = "wasi_snapshot_preview1"): string {
  const names = [...new Set([...calls.map(([name]) => name), "fd_write" as const])];
  const imports = names.map((name) => {
    const types = functions[name].map(([, type]) => (is64.has(type) ? "i64" : "i32"));
    return `(import "${abi}" "${name}" (func $${name} (param ${types.join(" ")}) (result i32)))`;
  });
  const data: string[] = [];
  let end = textsAt;
  const place = (text: string): number[] => {
    const bytes = encode(text);
    data.push(
      `(data (i32.const ${end}) "${[...bytes].map((it) => `\\${it.toString(16).padStart(2, "0")}`).join("")}")`,
    );
    end += bytes.length;
    return [end - bytes.length, bytes.length];
  };
  const body = calls.map(([name, ...args], i) => {
    const values = args.flatMap((arg) => (typeof arg === "string" ? place(arg) : [arg]));
    const typed = functions[name].map(([, type], at) => `(${is64.has(type) ? "i64" : "i32"}.const ${values[at]})`);
    if (typed.length !== values.length)
      throw new Error(`${name} takes ${typed.length} arguments, not ${values.length}`);
    return `(i32.store (i32.const ${errorsAt + 4 * i}) (call $${name} ${typed.join(" ")}))`;
  });
  const dump = [0x7ff0, 0, 0x7ff4, pageSize].map(String);
  return `(module ${imports.join("\n")} (memory (export "memory") 1) ${data.join("\n")}
    (func (export "_start") ${body.join("\n")}
      (i32.store (i32.const ${dump[0]}) (i32.const ${dump[1]})) (i32.store (i32.const ${dump[2]}) (i32.const ${dump[3]}))
      (drop (call $fd_write (i32.const 2) (i32.const ${dump[0]}) (i32.const 1) (i32.const 0x7ffc)))))`;
}

/** UTF-8, except lone surrogates U+DC80 to U+DCFF: each is a byte that is not UTF-8. */
function encode(text: string): Buffer {
  const parts = Array.from(text, (char) => {
    const code = char.charCodeAt(0);
    return char.length === 1 && code >= 0xdc80 && code <= 0xdcff ? Buffer.from([code - 0xdc00]) : Buffer.from(char);
  });
  return Buffer.concat(parts);
}
