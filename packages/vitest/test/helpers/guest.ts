import wabt from "wabt";

type Bytes = string | Uint8Array;

/** Something that a guest does. Paths are in the first directory that it was granted, or in the one whose descriptor `in` named last. */
export type Step =
  | readonly ["print" | "remove" | "mkdir" | "rmdir", it: Bytes]
  | readonly ["write" | "append" | "rename" | "link", path: string, content: Bytes]
  | readonly ["in", descriptor: number]
  | readonly ["trap"];

const imports = {
  path_open: "i32 i32 i32 i32 i32 i64 i64 i32 i32",
  path_unlink_file: "i32 i32 i32",
  path_create_directory: "i32 i32 i32",
  path_remove_directory: "i32 i32 i32",
  path_rename: "i32 i32 i32 i32 i32 i32",
  path_symlink: "i32 i32 i32 i32 i32",
  fd_write: "i32 i32 i32 i32",
  fd_close: "i32",
};

const i32 = (value: number): string => `(i32.const ${value})`;
/** A call, after which the program goes on only if it worked. */
const must = (...call: string[]): string => `(call $check (call $${call.join(" ")}))`;

/** The addresses at which the program keeps the descriptor that it opened, the count that it wrote, its one buffer and its texts. */
const at = { opened: i32(0), written: i32(4), buffer: i32(8), bufferSize: i32(12), texts: 1024 };
const file = `(i32.load ${at.opened})`;
const stdout = i32(1);
const flags = { creat: 1, trunc: 8, append: 1, fd_write: 64 };

const assembler = wabt();

/** A module that does these things one after another; where one can't be done, it exits with the errno. */
export async function guestThat(...steps: readonly Step[]): Promise<Uint8Array> {
  const data: string[] = [];
  let end = at.texts;
  /** Puts bytes into the guest's memory; gives their address and their size. */
  const place = (content: Bytes): [address: string, size: string] => {
    const escaped = Array.from(Buffer.from(content), (byte) => `\\${byte.toString(16).padStart(2, "0")}`);
    data.push(`(data ${i32(end)} "${escaped.join("")}")`);
    end += escaped.length;
    return [i32(end - escaped.length), i32(escaped.length)];
  };
  const output = (fd: string, content: Bytes): string => {
    const [address, size] = place(content);
    const stores = `(i32.store ${at.buffer} ${address}) (i32.store ${at.bufferSize} ${size})`;
    return `${stores} ${must("fd_write", fd, at.buffer, i32(1), at.written)}`;
  };
  let directory = i32(3);
  const open = (path: Bytes, oflags: number, fdflags: number): string => {
    const rights = [`(i64.const ${flags.fd_write})`, "(i64.const 0)"];
    return must("path_open", directory, i32(0), ...place(path), i32(oflags), ...rights, i32(fdflags), at.opened);
  };
  const put = (content: Bytes): string => `${output(file, content)} ${must("fd_close", file)}`;

  const code: Record<Exclude<Step[0], "in" | "trap">, (it: Bytes, content: Bytes) => string> = {
    print: (text) => output(stdout, text),
    write: (path, content) => `${open(path, flags.creat | flags.trunc, 0)} ${put(content)}`,
    append: (path, content) => `${open(path, flags.creat, flags.append)} ${put(content)}`,
    remove: (path) => must("path_unlink_file", directory, ...place(path)),
    mkdir: (path) => must("path_create_directory", directory, ...place(path)),
    rmdir: (path) => must("path_remove_directory", directory, ...place(path)),
    rename: (path, to) => must("path_rename", directory, ...place(path), directory, ...place(to)),
    link: (path, to) => must("path_symlink", ...place(to), directory, ...place(path)),
  };
  const body = steps.map((step) => {
    if (step[0] === "trap") return "unreachable";
    if (step[0] !== "in") return code[step[0]](step[1], step[2] ?? "");
    directory = i32(step[1]);
    return "";
  });
  const { parseWat } = await assembler;
  return parseWat("guest.wat", program(data, body)).toBinary({}).buffer;
}

function program(data: readonly string[], body: readonly string[]): string {
  const functions = Object.entries(imports).map(
    ([name, types]) => `(import "wasi_snapshot_preview1" "${name}" (func $${name} (param ${types}) (result i32)))`,
  );
  return `(module
    ${functions.join("\n")}
    (import "wasi_snapshot_preview1" "proc_exit" (func $proc_exit (param i32)))
    (memory (export "memory") 4)
    ${data.join("\n")}
    (func $check (param $errno i32) (if (local.get $errno) (then (call $proc_exit (local.get $errno)))))
    (func (export "_start") ${body.join("\n")}))`;
}
