import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { assemble, imports } from "../wat.ts";

/** A call, or some of them, that a guest makes again and again, beside the same under node:wasi. */
export interface Calls {
  name: string;
  times: number;
  /** The most that the time is to be, compared with node:wasi. */
  bound: number;
  /** The same on the file system in memory. */
  boundInMemory?: number;
  /** WAT: what is done once, before. `$fd` is free. */
  before?: string;
  /** WAT: what is repeated. */
  again: string;
}

// In a sandbox as `createSandbox` makes it. `$deep` is "a/b/file", `$file` is "file", `$many` is "many".
const preopen = "(i32.const 3)";
const stat = (path: string): string =>
  `(call $must (call $path_filestat_get ${preopen} (i32.const 1) ${path} (global.get $result)))`;
const open = (path: string, oflags = 0): string => `
  (call $must (call $path_open ${preopen} (i32.const 1) ${path} (i32.const ${oflags})
    (i64.const 0x4006) (i64.const 0) (i32.const 0) (global.get $result)))
  (local.set $fd (i32.load (global.get $result)))`;
const close = "(call $must (call $fd_close (local.get $fd)))";
const deep = "(global.get $deep) (i32.const 8)";
const file = "(global.get $file) (i32.const 4)";
const many = "(global.get $many) (i32.const 4)";

/** What is measured. */
export const calls: readonly Calls[] = [
  {
    name: "open, stat and close, three components deep",
    times: 100_000,
    bound: 1.7,
    boundInMemory: 0.5,
    again: `${open(deep)} ${stat(deep)} ${close}`,
  },
  { name: "open and close", times: 100_000, bound: 1.3, boundInMemory: 0.5, again: `${open(file)} ${close}` },
  { name: "path_filestat_get", times: 200_000, bound: 1.5, boundInMemory: 0.5, again: stat(file) },
  {
    name: "fd_read of 1 KiB",
    times: 500_000,
    bound: 1.2,
    before: open(file),
    again: `
      (call $must (call $fd_read (local.get $fd) (global.get $kibibyte) (i32.const 1) (global.get $result)))
      (if (i32.eqz (i32.load (global.get $result)))
        (then (call $must (call $fd_seek (local.get $fd) (i64.const 0) (i32.const 0) (global.get $result)))))`,
  },
  {
    name: "fd_readdir of 25 entries",
    times: 20_000,
    bound: 2,
    before: open(many, 2),
    again: `
      (call $must (call $fd_readdir (local.get $fd) (global.get $buffer) (i32.const 4096) (i64.const 0)
        (global.get $result)))`,
  },
  {
    name: "clock_time_get",
    times: 1_000_000,
    bound: 3,
    again: "(call $must (call $clock_time_get (i32.const 1) (i64.const 1) (global.get $result)))",
  },
  {
    name: "fd_write of 12 bytes",
    times: 1_000_000,
    bound: 0.6,
    again: "(call $must (call $fd_write (i32.const 1) (global.get $line) (i32.const 1) (global.get $result)))",
  },
];

/** Compiles the guest that makes calls, into a folder. */
export const compileCalls = ({ times, before = "", again }: Calls, folder: string, name: string): Promise<string> =>
  assemble(
    folder,
    name,
    `(module
  ${imports}
  (memory (export "memory") 1)
  (global $deep i32 (i32.const 0)) (data (i32.const 0) "a/b/file")
  (global $file i32 (i32.const 16)) (data (i32.const 16) "file")
  (global $many i32 (i32.const 32)) (data (i32.const 32) "many")
  (global $line i32 (i32.const 48)) (data (i32.const 48) "\\40\\00\\00\\00\\0c\\00\\00\\00") (data (i32.const 64) "hello world\\n")
  (global $kibibyte i32 (i32.const 80)) (data (i32.const 80) "\\00\\10\\00\\00\\00\\04\\00\\00")
  (global $result i32 (i32.const 128))
  (global $buffer i32 (i32.const 4096))
  (func $must (param i32) (if (local.get 0) (then unreachable)))
  (func (export "_start") (local $left i32) (local $fd i32)
    ${before}
    (local.set $left (i32.const ${times}))
    (loop $again
      ${again}
      (br_if $again (local.tee $left (i32.sub (local.get $left) (i32.const 1)))))))`,
  );

/** Makes the directory that calls are made in. */
export function createSandbox(folder: string): string {
  const sandbox = join(folder, "sandbox");
  for (const directory of ["a/b", "many"]) mkdirSync(join(sandbox, directory), { recursive: true });
  writeFileSync(join(sandbox, "a/b/file"), "");
  writeFileSync(join(sandbox, "file"), new Uint8Array(1 << 20));
  for (let i = 0; i < 25; i++) writeFileSync(join(sandbox, "many", `entry-${i}`), "");
  return sandbox;
}

/** Makes 220 directories, two levels of them, with 5,000 files of up to 16 KiB. */
export function createForest(folder: string): string {
  const forest = join(folder, "forest");
  const directories = Array.from({ length: 20 }, (_, i) => [
    `${i}`,
    ...Array.from({ length: 10 }, (__, j) => `${i}/${j}`),
  ]);
  for (const path of directories.flat()) mkdirSync(join(forest, path), { recursive: true });
  for (let i = 0; i < 5000; i++) {
    const path = directories.flat()[i % 220] as string;
    writeFileSync(join(forest, path, `file-${i}.txt`), "a line of a file\n".repeat((i * 7) % 960));
  }
  return forest;
}
