import { realpathSync } from "node:fs";
import { WASI } from "node:wasi";
import { copyOnWrite, subdirectory, textOf } from "@wasi-kit/wasi";
import type { FileSystem } from "@wasi-kit/wasi";
import type { Preview1 } from "@wasi-kit/wasi/abi";
import { hostDirectory } from "@wasi-kit/wasi/node";
import { nodeHost } from "../../src/host/node.ts";
import { createGuestWasi } from "../../src/guest/guest-wasi.ts";
import { normalizePreopen } from "../../src/preopens/preopen.ts";
import type { Preopens } from "../../src/preopens/preopen.ts";
import { changedPaths, memoryOf, treeOfFileSystem } from "./backend-tree.ts";
import type { TestGuest } from "./test-guest.ts";
import { connectTestGuest } from "./test-guest.ts";
import { treeOf } from "./fixture-tree.ts";

/** A test guest on a backend. */
export interface OpenTestGuest extends TestGuest {
  /** What is in a directory of the host, as the guest has left it: path to content, in the notation of `FixtureFiles`. */
  tree(path: string): Map<string, string>;
  /** What was changed that is on no disk, and lies in none of the directories that were granted for writing. */
  changedElsewhere(): string[];
  /** Closes what the guest left open. */
  close(): void;
}

type Open = (preopens: Preopens) => OpenTestGuest;

/** What a guest calls: the runner's WASI over a kind of file system, or node:wasi alone. */
export type Backend = keyof typeof backends;

const backends = {
  /** Directories of the host, as the runner opens them. */
  host: (preopens) => onWasiKit(preopens, { tree: treeOf, changedElsewhere: () => [] }),
  /** The same where the host has no names for descriptors. */
  "host by path": (preopens) =>
    onWasiKit(
      mapPaths(preopens, (path) => hostDirectory(path, { hold: "path" })),
      { tree: treeOf, changedElsewhere: () => [] },
    ),
  memory: (preopens) => {
    const files = memoryOf(preopens);
    const before = treeOfFileSystem(files);
    return onView(files, preopens, () => changedPaths(before, treeOfFileSystem(files)));
  },
  "copy-on-write": (preopens) => {
    const view = copyOnWrite(hostDirectory("/"));
    return onView(view, preopens, () => view.changes().map(({ path }) => textOf(path)));
  },
  /** It shows that the cases can fail. */
  "node:wasi": onNodeWasi,
} satisfies Record<string, Open>;

/** Backends that have to hold. */
export const safeBackends = (Object.keys(backends) as Backend[]).filter((it) => it !== "node:wasi");

/** Instantiates the guest with the preopens that it is granted: directories of the host. */
export const openTestGuest = (preopens: Preopens, backend: Backend): OpenTestGuest => backends[backend](preopens);

function onWasiKit(preopens: Preopens, rest: Pick<OpenTestGuest, "tree" | "changedElsewhere">): OpenTestGuest {
  const wasi = createGuestWasi(nodeHost, { preopens });
  const guest = connectTestGuest(wasi.imports);
  wasi.memory.memory = guest.memory;
  return { ...guest, ...rest, close: wasi.close };
}

/** On a file system that has all that the host has, from `/` on, or seems to. */
function onView(view: FileSystem, preopens: Preopens, changed: () => string[]): OpenTestGuest {
  const at = (path: string): FileSystem => {
    const real = realpathSync(path);
    return real === "/" ? view : subdirectory(view, real.slice(1));
  };
  const writable = Object.values(preopens).flatMap((granted) => {
    const full = normalizePreopen(granted);
    return "path" in full && full.access === "read-write" ? [realpathSync(full.path).slice(1)] : [];
  });
  const isWritable = (path: string): boolean =>
    writable.some((directory) => directory === "" || path === directory || path.startsWith(`${directory}/`));
  return onWasiKit(mapPaths(preopens, at), {
    tree: (path) => treeOfFileSystem(at(path)),
    changedElsewhere: () => changed().filter((path) => !isWritable(path)),
  });
}

/** Preopens that are those directories on another file system. */
function mapPaths(preopens: Preopens, at: (path: string) => FileSystem): Preopens {
  const mapped = Object.entries(preopens).map(([guestPath, granted]) => {
    const full = normalizePreopen(granted);
    if (!("path" in full) || full.access === "copy-on-write")
      throw new Error(`${guestPath} is no directory of the host`);
    return [guestPath, { fileSystem: at(full.path), access: full.access }] as const;
  });
  return Object.fromEntries(mapped);
}

function onNodeWasi(preopens: Preopens): OpenTestGuest {
  const paths = Object.entries(preopens).map(([guestPath, granted]) => {
    const full = normalizePreopen(granted);
    return [guestPath, "path" in full ? full.path : ""];
  });
  const wasi = new WASI({ version: "preview1", preopens: Object.fromEntries(paths) });
  const native = wasi.wasiImport as unknown as Preview1;
  const guest = connectTestGuest(native);
  wasi.initialize({ exports: { memory: guest.memory } });
  return {
    ...guest,
    tree: treeOf,
    changedElsewhere: () => [],
    close() {
      for (let fd = 3; fd < 32; fd++) native.fd_close(fd);
    },
  };
}
