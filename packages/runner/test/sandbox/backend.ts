import { realpathSync } from "node:fs";
import { WASI } from "node:wasi";
import { copyOnWrite, subdirectory, textOf } from "@wasi-kit/wasi";
import type { FileSystem } from "@wasi-kit/wasi";
import type { Preview1 } from "@wasi-kit/wasi/abi";
import { hostDirectory } from "@wasi-kit/wasi/node";
import { createGuestWasi } from "../../src/guest/guest-wasi.ts";
import { fullPreopen } from "../../src/preopens/preopen.ts";
import type { Preopens } from "../../src/preopens/preopen.ts";
import { changedPaths, memoryOf, treeOfFileSystem } from "./backend-tree.ts";
import type { Puppet } from "./test-guest.ts";
import { placePuppet } from "./test-guest.ts";
import { treeOf } from "./fixture-tree.ts";

/** A puppet on its floor. */
export interface OpenPuppet extends Puppet {
  /** What is in a directory of the host's, as the guest has left it: path to content, in the notation of a `Tree`. */
  tree(path: string): Map<string, string>;
  /** What was changed that is on no disk, and lies in none of the directories that were granted for writing. */
  changedElsewhere(): string[];
  /** Closes what the guest left open. */
  close(): void;
}

type Open = (preopens: Preopens) => OpenPuppet;

/** What a probe's guest stands on: the runner's WASI over a kind of file system, or node:wasi alone. */
export type Floor = keyof typeof floors;

const floors = {
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
  /** To see that the probes can fail. */
  "node:wasi": onNodeWasi,
} satisfies Record<string, Open>;

/** Floors that have to hold. */
export const safeFloors = (Object.keys(floors) as Floor[]).filter((it) => it !== "node:wasi");

/** Instantiates the puppet with the preopens that it is granted: directories of the host. */
export const openPuppet = (preopens: Preopens, floor: Floor): OpenPuppet => floors[floor](preopens);

function onWasiKit(preopens: Preopens, rest: Pick<OpenPuppet, "tree" | "changedElsewhere">): OpenPuppet {
  const wasi = createGuestWasi({ preopens });
  const puppet = placePuppet(wasi.imports);
  wasi.memory.memory = puppet.memory;
  return { ...puppet, ...rest, close: wasi.close };
}

/** On a file system that has all of the host's, from `/` on, or seems to. */
function onView(view: FileSystem, preopens: Preopens, changed: () => string[]): OpenPuppet {
  const at = (path: string): FileSystem => {
    const real = realpathSync(path);
    return real === "/" ? view : subdirectory(view, real.slice(1));
  };
  const writable = Object.values(preopens).flatMap((granted) => {
    const full = fullPreopen(granted);
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
    const full = fullPreopen(granted);
    if (!("path" in full) || full.access === "copy-on-write")
      throw new Error(`${guestPath} is no directory of the host`);
    return [guestPath, { fileSystem: at(full.path), access: full.access }] as const;
  });
  return Object.fromEntries(mapped);
}

function onNodeWasi(preopens: Preopens): OpenPuppet {
  const paths = Object.entries(preopens).map(([guestPath, granted]) => {
    const full = fullPreopen(granted);
    return [guestPath, "path" in full ? full.path : ""];
  });
  const wasi = new WASI({ version: "preview1", preopens: Object.fromEntries(paths) });
  const native = wasi.wasiImport as unknown as Preview1;
  const puppet = placePuppet(native);
  wasi.initialize({ exports: { memory: puppet.memory } });
  return {
    ...puppet,
    tree: treeOf,
    changedElsewhere: () => [],
    close() {
      for (let fd = 3; fd < 32; fd++) native.fd_close(fd);
    },
  };
}
