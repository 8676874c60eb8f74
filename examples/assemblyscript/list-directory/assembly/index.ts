import {
  dircookie,
  dirent,
  errno,
  fd,
  fd_close,
  fd_readdir,
  filestat,
  filetype,
  lookupflags,
  oflags,
  path_filestat_get,
  path_open,
  rights,
} from "@assemblyscript/wasi-shim/assembly/bindings/wasi_snapshot_preview1";
import { getArguments } from "./args";
import { compare, concat, copy, encode } from "./bytes";
import { print, write } from "./output";
import { findPlace } from "./preopen";

// WASI gives names as bytes, and as bytes they are sorted and printed here.
// as-wasi's FileSystem makes strings of them. AssemblyScript sorts those by
// their UTF-16, and bytes that are not UTF-8 do not survive it.

const args = getArguments();
const start = args.length > 0 ? args[0] : "/sandbox";

/** The path of the start as it is printed: nothing. */
const top = new ArrayBuffer(0);

process.exit(main());

/** Prints what is below the directory, and gives back the exit code. */
function main(): i32 {
  if (args.length > 1) {
    print(2, "usage: list-directory [PATH]\n");
    return 2;
  }
  const place = findPlace(start);
  if (!place) {
    print(2, `list-directory: ${start}: no directory above it was granted\n`);
    return 1;
  }
  list(open(place.directory, place.path, lookupflags.SYMLINK_FOLLOW, top), top);
  return 0;
}

/** Prints what is below an open directory, and closes it. `path` leads to it from the start. */
function list(directory: fd, path: ArrayBuffer): void {
  const names = read(directory, path).sort(compare);
  const stat = changetype<filestat>(memory.data(offsetof<filestat>()));

  for (let i = 0; i < names.length; i++) {
    const name = names[i];
    const below = path.byteLength == 0 ? name : concat([path, encode("/"), name]);

    // Tells of the entry itself: 0 stands for "don't follow a link".
    const error = path_filestat_get(directory, 0, changetype<usize>(name), name.byteLength, stat);
    if (error != errno.SUCCESS) fail(below, error);

    if (stat.filetype == filetype.DIRECTORY) {
      printLine(below, "/");
      list(open(directory, name, 0, below), below);
    } else if (stat.filetype == filetype.SYMBOLIC_LINK) {
      printLine(below, "@");
    } else {
      printLine(below, ` ${stat.size}`);
    }
  }
  fd_close(directory);
}

/** Opens a directory that lies in another. `path` is for the message where that fails. */
function open(directory: fd, name: ArrayBuffer, follow: lookupflags, path: ArrayBuffer): fd {
  const wanted = rights.FD_READDIR | rights.PATH_OPEN | rights.PATH_FILESTAT_GET;
  const opened = memory.data(sizeof<fd>());
  const error = path_open(
    directory,
    follow,
    changetype<usize>(name),
    name.byteLength,
    oflags.DIRECTORY, // fails if it is something else
    wanted, // what is to be done with it
    wanted, // and what may be done with those that are opened through it
    0,
    opened,
  );
  if (error != errno.SUCCESS) fail(path, error);
  return load<fd>(opened);
}

/** The names in a directory, in the host's order, except "." and "..". */
function read(directory: fd, path: ArrayBuffer): ArrayBuffer[] {
  const names: ArrayBuffer[] = [];
  const size: usize = 4096;
  const buffer = memory.data(size);
  const used = memory.data(sizeof<usize>());

  // The host fills the buffer with as many entries as fit, and breaks off in
  // the middle of the last one. Each entry holds a cookie, which tells the host
  // where the next one is: so the next call goes on after the last whole entry.
  let next: dircookie = 0;
  do {
    const error = fd_readdir(directory, buffer, size, next, used);
    if (error != errno.SUCCESS) fail(path, error);

    const end = buffer + load<usize>(used);
    let address = buffer;
    while (address + offsetof<dirent>() <= end) {
      const entry = changetype<dirent>(address);
      const name = address + offsetof<dirent>();
      if (name + entry.namlen > end) break;
      if (!isDots(name, entry.namlen)) names.push(copy(name, entry.namlen));
      next = entry.next;
      address = name + entry.namlen;
    }

    // Not one entry that is whole would be asked for again and again.
    if (address == buffer && end == buffer + size) fail(path, errno.NAMETOOLONG);

    // A buffer that is not full holds the last entry.
  } while (load<usize>(used) == size);
  return names;
}

/** Whether a name is "." or "..": the directory itself, and the one above. */
function isDots(address: usize, size: usize): bool {
  if (size > 2 || load<u8>(address) != 0x2e) return false;
  return size == 1 || load<u8>(address + 1) == 0x2e;
}

/** Prints a path as it is, and what follows it. */
function printLine(path: ArrayBuffer, end: string): void {
  const line = concat([path, encode(end + "\n")]);
  const error = write(1, changetype<usize>(line), line.byteLength);
  if (error == errno.SUCCESS) return;
  print(2, `list-directory: stdout: error ${error}\n`);
  process.exit(1);
}

/** Ends the program, and says why a call failed on a path below the start. */
function fail(path: ArrayBuffer, error: errno): void {
  const slash = path.byteLength == 0 || start.endsWith("/") ? "" : "/";
  const line = concat([encode(`list-directory: ${start}${slash}`), path, encode(`: error ${error}\n`)]);
  write(2, changetype<usize>(line), line.byteLength);
  process.exit(1);
}
