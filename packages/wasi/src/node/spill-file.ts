import { constants, openSync, readvSync, unlinkSync, writevSync } from "node:fs";
import { join } from "node:path";
import type { SpillStore } from "../fs/space.ts";
import { onHost } from "./host/error.ts";
import { OpenDescriptors } from "./host/open-descriptors.ts";
import type { OpenDescriptor } from "./host/open-descriptors.ts";

const { O_CREAT, O_DIRECTORY, O_EXCL, O_RDWR } = constants;

/** The bit of `O_TMPFILE` that is not `O_DIRECTORY`. It is the same on all processors that Node runs on under Linux. */
const unnamed = 0o20000000;

/**
 * A store in an unnamed temporary file, for contents of a copy-on-write view that
 * do not fit into memory. The system frees it with the process, however that
 * ends. The file is created at the first write.
 *
 * @param directory - the directory of the file. Default: the system's temporary directory
 */
export function spillFile(directory: string = process.getBuiltinModule("node:os").tmpdir()): SpillStore {
  const descriptors = new OpenDescriptors();
  let place: OpenDescriptor | undefined;
  return {
    read: (buffers, offset) => (place ? onHost(() => readvSync((place as OpenDescriptor).fd, buffers, offset)) : 0),
    write(buffers, offset) {
      place ??= descriptors.open(() => openUnnamed(directory));
      const { fd } = place;
      return onHost(() => writevSync(fd, buffers, offset));
    },
    close: () => descriptors.closeAll(),
  };
}

function openUnnamed(directory: string): number {
  if (process.platform === "linux") {
    try {
      return openSync(directory, unnamed | O_DIRECTORY | O_RDWR, 0o600);
    } catch {
      // Not every file system supports unnamed files.
    }
  }
  const path = join(directory, `wasi-kit-${crypto.randomUUID()}`);
  const fd = openSync(path, O_RDWR | O_CREAT | O_EXCL, 0o600);
  unlinkSync(path);
  return fd;
}
