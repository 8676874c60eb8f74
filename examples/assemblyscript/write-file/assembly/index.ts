import {
  errno,
  fd,
  fd_seek,
  fdflags,
  lookupflags,
  oflags,
  path_open,
  rights,
  whence,
} from "@assemblyscript/wasi-shim/assembly/bindings/wasi_snapshot_preview1";
import { getArguments } from "./args";
import { print, write } from "./output";
import { findPlace } from "./preopen";

process.exit(main());

/** Writes the text, and gives back the exit code. */
function main(): i32 {
  let args = getArguments();
  if (args.length == 0) args = ["replace", "/sandbox/file.txt", "modified\n"];
  if (!isUsedRightly(args)) {
    return fail(2, "usage: write-file create|append|replace|overwrite PATH TEXT [OFFSET]");
  }
  const path = args[1];
  const text = String.UTF8.encode(args[2]);
  const offset = args.length == 4 ? U64.parseInt(args[3]) : 0;

  const place = findPlace(path);
  if (!place) return fail(1, `write-file: ${path}: no directory above it was granted`);

  // How the file is opened decides what becomes of it, in one step: nobody can
  // create it between a look whether it is there and the opening.
  let how: oflags = 0; // overwrite: opens what is there and keeps it
  let flags: fdflags = 0;
  if (args[0] == "create") {
    how = oflags.CREAT | oflags.EXCL; // fails if there is one
  } else if (args[0] == "append") {
    how = oflags.CREAT;
    flags = fdflags.APPEND; // at the end, wherever that is when the write happens
  } else if (args[0] == "replace") {
    how = oflags.CREAT | oflags.TRUNC; // drops what was in it
  }

  // as-wasi's FileSystem.open can't append, and does not say why it failed.
  const opened = memory.data(sizeof<fd>());
  let error = path_open(
    place.directory,
    lookupflags.SYMLINK_FOLLOW,
    changetype<usize>(place.path),
    place.path.byteLength,
    how,
    rights.FD_WRITE | rights.FD_SEEK, // all that is to be done with it
    0, // it is no directory, through which others could be opened
    flags,
    opened,
  );

  // A write starts where the file's position is: at 0, unless it is moved.
  const file = load<fd>(opened);
  const position = memory.data(sizeof<u64>());
  if (error == errno.SUCCESS) error = fd_seek(file, offset, whence.SET, position);
  if (error == errno.SUCCESS) error = write(file, changetype<usize>(text), text.byteLength);
  if (error != errno.SUCCESS) return fail(1, `write-file: ${path}: error ${error}`);

  error = print(1, `wrote ${text.byteLength} bytes to ${path}\n`);
  return error == errno.SUCCESS ? 0 : fail(1, `write-file: stdout: error ${error}`);
}

/** Whether the arguments are MODE PATH TEXT, or "overwrite" PATH TEXT OFFSET. */
function isUsedRightly(args: string[]): bool {
  const mode = args[0];
  if (args.length == 3) return mode == "create" || mode == "append" || mode == "replace";
  return args.length == 4 && mode == "overwrite" && isOffset(args[3]);
}

/** One or more digits, below 2^64: how far into a file WASI can count. */
function isOffset(text: string): bool {
  let number: u64 = 0;
  for (let i = 0; i < text.length; i++) {
    const digit = text.charCodeAt(i) - 0x30; // "0"
    if (digit < 0 || digit > 9) return false;
    if (number > (u64.MAX_VALUE - digit) / 10) return false;
    number = 10 * number + digit;
  }
  return text != "";
}

function fail(exitCode: i32, message: string): i32 {
  print(2, message + "\n");
  return exitCode;
}
