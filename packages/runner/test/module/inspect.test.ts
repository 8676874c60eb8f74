import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { assemble, wasi } from "../../../wasm/test/helpers/assemble.ts";
import { file, section } from "../../../wasm/test/helpers/bytes.ts";
import { projectCommands } from "../../src/advice/project-commands.ts";
import { WasiKitError } from "../../src/error.ts";
import { inspect } from "../../src/module/inspect.ts";

const { wasiKit } = projectCommands(".");

test("functions that preview 1 does not have, and what is no function, are not WASI's", async () => {
  const found = await inspect(
    await assemble(`(module
      ${wasi({ fd_read: "i32", args_get: "i32" })}
      (import "wasi_snapshot_preview1" "fd_read" (func))
      (import "wasi_snapshot_preview1" "sock_dance" (func))
      (import "wasi_snapshot_preview1" "fd_write" (global i32))
      (import "wasi_snapshot_preview1" "toString" (func))
      (import "toString" "fd_write" (func)))`),
  );
  expect(found.capabilities).toEqual([
    { capability: "arguments", functions: ["args_get"] },
    { capability: "streams and open files: read", functions: ["fd_read"] },
  ]);
  expect(found.nonWasiImports).toEqual([
    { module: "wasi_snapshot_preview1", names: ["sock_dance", "fd_write", "toString"] },
    { module: "toString", names: ["fd_write"] },
  ]);
});

test("a component has no capabilities of its own, and each module in it has its own", async () => {
  const inner = await assemble(`(module ${wasi({ fd_close: "i32" })} (import "env" "f" (func)))`);
  const found = await inspect(file("component", section(1, [...inner])));
  expect(found).toMatchObject({ kind: "component", capabilities: [], nonWasiImports: [] });
  expect(found.modules).toMatchObject([
    {
      kind: "reactor",
      capabilities: [{ capability: "streams and open files: state", functions: ["fd_close"] }],
      nonWasiImports: [{ module: "env", names: ["f"] }],
    },
  ]);
});

describe("sources", () => {
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "wasi-kit-inspect-"));
    await writeFile(join(folder, "plain.wasm"), file("module"));
    await writeFile(join(folder, "text.wasm"), "(module)");
    await writeFile(join(folder, "empty.wasm"), "");
  });
  afterAll(() => rm(folder, { recursive: true }));

  test("a path, a URL and bytes are the same", async () => {
    const expected = await inspect(file("module"));
    await expect(inspect(join(folder, "plain.wasm"))).resolves.toEqual(expected);
    await expect(inspect(pathToFileURL(join(folder, "plain.wasm")))).resolves.toEqual(expected);
    // Bytes in the middle of others.
    const around = Uint8Array.from([1, 2, 3, ...file("module"), 4, 5]);
    await expect(inspect(around.subarray(3, 11))).resolves.toEqual(expected);
  });

  test.each([
    [
      "text.wasm",
      "E_NOT_WASM",
      'text.wasm is not WebAssembly: a .wasm file begins with \\0asm. It begins with "(module)".',
    ],
    ["empty.wasm", "E_NOT_WASM", "empty.wasm is not WebAssembly: a .wasm file begins with \\0asm. It is empty."],
    [".", "E_NOT_WASM", " is a directory, not a .wasm file."],
    ["nowhere.wasm", "E_MODULE_NOT_FOUND", `nowhere.wasm.\nIf it has yet to be built, type: ${wasiKit} build`],
  ])("%s is refused with %s", async (path, code, message) => {
    const error: unknown = await inspect(join(folder, path)).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(WasiKitError);
    expect(error).toMatchObject({ code, message: expect.stringContaining(message) });
  });

  test("bytes that are not WebAssembly are refused", async () => {
    await expect(inspect(Uint8Array.of(0, 0x61, 0x73))).rejects.toThrow("the module is not WebAssembly");
  });
});
