import wabt from "wabt";

const imports = {
  fd_read: "(param i32 i32 i32 i32) (result i32)",
  fd_write: "(param i32 i32 i32 i32) (result i32)",
  path_open: "(param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)",
};

const command = (start: string, data = ""): string => `(module
  ${Object.entries(imports)
    .map(([name, type]) => `(import "wasi_snapshot_preview1" "${name}" (func $${name} ${type}))`)
    .join("\n")}
  (memory (export "memory") 2)
  ${data}
  (func (export "_start") (local $fd i32) ${start}))`;

/** Copies stdin to stdout: a vector of 64 KiB at 0, the number of bytes at 8. */
const copy = (from: string, to: string): string => `
  (i32.store (i32.const 0) (i32.const 1024))
  (loop $again
    (i32.store (i32.const 4) (i32.const 65536))
    (drop (call $fd_read ${from} (i32.const 0) (i32.const 1) (i32.const 8)))
    (if (i32.load (i32.const 8)) (then
      (i32.store (i32.const 4) (i32.load (i32.const 8)))
      (drop (call $fd_write ${to} (i32.const 0) (i32.const 1) (i32.const 8)))
      (br $again))))`;

/** Opens a file, and keeps its descriptor; makes it, if it is to be written. */
const open = (directory: number, at: number, length: number, isWritten: boolean): string => `
  (drop (call $path_open (i32.const ${directory}) (i32.const 0) (i32.const ${at}) (i32.const ${length})
    (i32.const ${isWritten ? 9 : 0}) (i64.const ${isWritten ? 64 : 2}) (i64.const 0) (i32.const 0) (i32.const 16)))
  (local.set $fd (i32.load (i32.const 16)))`;

const [stdin, stdout] = ["(i32.const 0)", "(i32.const 1)"];
const names = '(data (i32.const 32) "in.txt") (data (i32.const 48) "out.txt") (data (i32.const 64) "motd.txt")';
const flood = '(data (i32.const 0) "\\10\\00\\00\\00\\06\\00\\00\\00") (data (i32.const 16) "flood\\n")';

/** Programs, good ones and others, for tests. */
const guests = {
  /** Prints what it reads. */
  cat: command(copy(stdin, stdout)),
  /** Copies what it reads to `/work/out.txt`. */
  save: command(`${open(3, 48, 7, true)} ${copy(stdin, "(local.get $fd)")}`, names),
  /** Prints `/work/in.txt`. */
  show: command(`${open(3, 32, 6, false)} ${copy("(local.get $fd)", stdout)}`, names),
  /** Prints the file that all share, and then replaces it by what it reads. */
  deface: command(
    `${open(4, 64, 8, false)} ${copy("(local.get $fd)", stdout)} ${open(4, 64, 8, true)} ${copy(stdin, "(local.get $fd)")}`,
    names,
  ),
  trap: command("unreachable"),
  /** Never ends. */
  endless: command("(loop $again (br $again))"),
  /** Prints a line, and never ends. */
  stuck: command(
    "(drop (call $fd_write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8))) (loop $again (br $again))",
    flood,
  ),
  /** Prints without end. */
  flood: command(
    "(loop $again (drop (call $fd_write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8))) (br $again))",
    flood,
  ),
} satisfies Record<string, string>;

/** The modules of the guests, by name. */
export async function assembleGuests(): Promise<[name: string, module: Uint8Array<ArrayBuffer>][]> {
  const { parseWat } = await wabt();
  return Object.entries(guests).map(([name, text]) => {
    const module = parseWat(`${name}.wat`, text);
    try {
      return [name, new Uint8Array(module.toBinary({}).buffer)];
    } finally {
      module.destroy();
    }
  });
}
