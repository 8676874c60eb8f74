import type { Preview1 } from "@wasi-kit/wasi/abi";
import { functions } from "@wasi-kit/wasi/abi";
import { compile } from "../helpers/run-calls.ts";

const sixtyFour: ReadonlySet<string> = new Set(["u64", "i64", "timestamp", "rights", "dircookie"]);

/** A guest that does what a test tells it to. */
export interface TestGuest {
  memory: WebAssembly.Memory;
  /** For every import, an export that calls it. */
  call: Preview1;
}

let below: Preview1;

/**
 * The guest of the cases: it does nothing by itself, but exports its memory
 * and, for every import, a function that calls it. So a test decides what to
 * call and with which bytes, and the host still sees a real module's calls.
 *
 * One for all: to instantiate it takes longer than most cases, and its memory
 * is all the state it has.
 */
const guest = instantiate(await compile(testGuestText()));

/** Puts the guest on top of imports. */
export function connectTestGuest(imports: Preview1): TestGuest {
  below = imports;
  return guest;
}

function instantiate(module: WebAssembly.Module): TestGuest {
  const imports = (Object.keys(functions) as (keyof Preview1)[]).map((name) => {
    const call = (...args: never[]): number => (below[name] as (...args: never[]) => number)(...args);
    return [name, call];
  });
  const { exports } = new WebAssembly.Instance(module, { wasi_snapshot_preview1: Object.fromEntries(imports) });
  return { memory: exports["memory"] as WebAssembly.Memory, call: exports as unknown as Preview1 };
}

function testGuestText(): string {
  const names = (Object.keys(functions) as (keyof Preview1)[]).filter((name) => name !== "proc_exit");
  const signatures = names.map((name) => {
    const types = functions[name].map(([, type]) => (sixtyFour.has(type) ? "i64" : "i32"));
    return { name, params: `(param ${types.join(" ")})`, args: types.map((_, i) => `(local.get ${i})`).join(" ") };
  });
  return [
    "(module",
    ...signatures.map(
      ({ name, params }) => `  (import "wasi_snapshot_preview1" "${name}" (func $${name} ${params} (result i32)))`,
    ),
    `  (memory (export "memory") 4)`,
    ...signatures.map(
      ({ name, params, args }) => `  (func (export "${name}") ${params} (result i32) (call $${name} ${args}))`,
    ),
    ")",
  ].join("\n");
}
