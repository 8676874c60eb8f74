import {
  errno,
  fd,
  fd_read,
  iovec,
  lookupflags,
  path_open,
  rights,
} from "@assemblyscript/wasi-shim/assembly/bindings/wasi_snapshot_preview1";
import { getArguments } from "./args";
import { print, write } from "./output";
import { findPlace } from "./preopen";

process.exit(main());

/** Prints the file, and gives back the exit code. */
function main(): i32 {
  // The first argument, if there is one. Arguments reach a module the way files
  // do: only because the host hands them over.
  const args = getArguments();
  const path = args.length > 0 ? args[0] : "/sandbox/file.txt";

  const place = findPlace(path);
  if (!place) {
    // Nothing on the way to the file was granted. unreachable() is a trap: it
    // ends the program at once, as a panic does in Rust.
    print(2, `failed to find a pre-opened file descriptor through which "${path}" could be opened\n`);
    return unreachable();
  }

  // as-wasi's FileSystem.open does not say why it failed.
  const opened = memory.data(sizeof<fd>());
  const error = path_open(
    place.directory,
    lookupflags.SYMLINK_FOLLOW,
    changetype<usize>(place.path),
    place.path.byteLength,
    0, // not to be created, truncated, …
    rights.FD_READ, // all that is to be done with it
    0, // it is no directory, through which others could be opened
    0, // nothing that matters to reading
    opened,
  );
  return error == errno.SUCCESS ? copy(load<fd>(opened), path) : fail(path, error);
}

/** Copies a file to stdout, at most 4096 bytes at a time: bytes, whatever they mean. */
function copy(file: fd, path: string): i32 {
  const size = 4096;
  const buffer = memory.data(size);
  const vector = changetype<iovec>(memory.data(offsetof<iovec>()));
  vector.buf = buffer;
  vector.buf_len = size;
  const count = memory.data(sizeof<usize>());

  while (true) {
    let error = fd_read(file, changetype<usize>(vector), 1, count);
    if (error != errno.SUCCESS) return fail(path, error);
    if (load<usize>(count) == 0) return 0; // the file ends here

    error = write(1, buffer, load<usize>(count));
    if (error != errno.SUCCESS) return fail("stdout", error);
  }
}

function fail(subject: string, error: errno): i32 {
  print(2, `read-file: ${subject}: error ${error}\n`);
  return 1;
}
