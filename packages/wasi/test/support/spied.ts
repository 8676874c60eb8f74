import type { DirectoryHandle, FileHandle, FileSystem } from "../../src/fs/file-system.ts";

const watched = ["close", "sync", "datasync", "setFlags", "setSize", "lookup"] as const;

/** A call of a handle that a test wants to know of. */
type Watched = (typeof watched)[number];

/** A file system whose handles say what is done to them. */
export interface SpiedFileSystem extends FileSystem {
  /** The calls so far, a line each: `"close file"`, `"setFlags file 64"`. */
  readonly calls: string[];
  /** How many handles are open, roots included. */
  openHandles(): number;
}

/** A file system as it is, which also writes down what happens to its handles. */
export function spied(fileSystem: FileSystem): SpiedFileSystem {
  const calls: string[] = [];
  let open = 0;
  const watch = <T extends DirectoryHandle | FileHandle>(handle: T): T => {
    open++;
    const methods = handle as unknown as Record<Watched, ((...args: unknown[]) => unknown) | undefined>;
    for (const name of watched) {
      const method = methods[name];
      if (!method) continue;
      methods[name] = (...args) => {
        if (name === "close") open--;
        calls.push([name, handle.kind, ...args].join(" "));
        return method.apply(handle, args);
      };
    }
    if (handle.kind === "directory") {
      const { openDirectory, reopen, open: openName } = handle;
      handle.openDirectory = (name) => watch(openDirectory.call(handle, name));
      handle.reopen = () => watch(reopen.call(handle));
      handle.open = (name, flags) => watch(openName.call(handle, name, flags));
    }
    return handle;
  };
  return { open: () => watch(fileSystem.open()), calls, openHandles: () => open };
}
