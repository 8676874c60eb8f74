import { assemble, imports } from "../wat.ts";

/** The modules that are run: WAT. */
const guests = {
  hello: `
    (data (i32.const 0) "\\08\\00\\00\\00\\06\\00\\00\\00") (data (i32.const 8) "hello\\n")
    (func (export "_start") (drop (call $fd_write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 32))))`,
  endless: '(func (export "_start") (loop $again (br $again)))',
  /** Creates a file, opens its directory, lists it, gives the file another name, and removes it, again and again. */
  restless: `
    (data (i32.const 0) "dir/file") (data (i32.const 16) "dir/other")
    (func (export "_start") (local $file i32) (local $directory i32)
      (loop $again
        (drop (call $path_open (i32.const 3) (i32.const 0) (i32.const 0) (i32.const 8)
          (i32.const 1) (i64.const 0x42) (i64.const 0) (i32.const 0) (i32.const 32)))
        (local.set $file (i32.load (i32.const 32)))
        (drop (call $path_open (i32.const 3) (i32.const 0) (i32.const 0) (i32.const 3)
          (i32.const 2) (i64.const 0x4000) (i64.const 0) (i32.const 0) (i32.const 32)))
        (local.set $directory (i32.load (i32.const 32)))
        (drop (call $fd_readdir (local.get $directory) (i32.const 4096) (i32.const 4096) (i64.const 0) (i32.const 32)))
        (drop (call $path_rename
          (i32.const 3) (i32.const 0) (i32.const 8) (i32.const 3) (i32.const 16) (i32.const 9)))
        (drop (call $fd_close (local.get $directory)))
        (drop (call $fd_close (local.get $file)))
        (drop (call $path_unlink_file (i32.const 3) (i32.const 16) (i32.const 9)))
        (br $again)))`,
};

/** Compiles one; gives its path. */
export const compile = (folder: string, name: keyof typeof guests): Promise<string> =>
  assemble(folder, name, `(module ${imports} (memory (export "memory") 1) ${guests[name]})`);
