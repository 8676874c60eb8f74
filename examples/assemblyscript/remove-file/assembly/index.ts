import { errno, path_unlink_file } from "@assemblyscript/wasi-shim/assembly/bindings/wasi_snapshot_preview1";
import { getArguments } from "./args";
import { print } from "./output";
import { findPlace } from "./preopen";

process.exit(main());

/** Removes the file, and gives back the exit code. */
function main(): i32 {
  const args = getArguments();
  if (args.length > 1) return fail(2, "usage: remove-file [PATH]");
  const path = args.length == 1 ? args[0] : "/sandbox/file.txt";

  const place = findPlace(path);
  if (!place) return fail(1, `remove-file: ${path}: no directory above it was granted`);

  // Whether the file may be removed is for the host to check. as-wasi's
  // FileSystem.unlink only says that it failed; WASI's own function says why.
  const error = path_unlink_file(place.directory, changetype<usize>(place.path), place.path.byteLength);
  if (error != errno.SUCCESS) return fail(1, `remove-file: ${path}: error ${error}`);

  const printed = print(1, `removed ${path}\n`);
  return printed == errno.SUCCESS ? 0 : fail(1, `remove-file: stdout: error ${printed}`);
}

function fail(exitCode: i32, message: string): i32 {
  print(2, message + "\n");
  return exitCode;
}
