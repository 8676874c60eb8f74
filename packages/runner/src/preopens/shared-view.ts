import { realpathSync } from "node:fs";
import { WasiKitError } from "../error.ts";
import { normalizePreopen } from "./preopen.ts";
import type { HostPreopen, Preopens, WithAccess } from "./preopen.ts";

/** Directories of the host that overlap, one of which is copy-on-write: they are parts of one view. */
export interface SharedView {
  /** The guest path of the outermost of them. */
  readonly owner: string;
  /** Its path on the host, without links. */
  readonly path: string;
  /** Where in it each of them is, by guest path: `"a/b"`, or `""` for itself. */
  readonly parts: ReadonlyMap<string, string>;
}

interface Placed extends WithAccess<HostPreopen> {
  readonly guestPath: string;
}

/**
 * The copy-on-write views of a run. Directories that are granted twice, or lie
 * in one another, share a view, so that the guest sees the same file by both ways.
 *
 * @throws WasiKitError `E_PREOPEN` if one of them is to be written itself
 */
export function sharedViews(preopens: Preopens): SharedView[] {
  const directories = Object.entries(preopens).flatMap(([guestPath, granted]): Placed[] => {
    const full = normalizePreopen(granted);
    return "path" in full ? [{ guestPath, ...full }] : [];
  });
  if (!directories.some(({ access }) => access === "copy-on-write")) return [];
  const placed = directories.map((it) => ({ ...it, path: realPath(it.path) }));
  const outermost = placed.filter(
    ({ path }, i) => !placed.some((other, j) => isWithin(path, other.path) && (other.path !== path || j < i)),
  );
  return outermost.flatMap(({ guestPath: owner, path }) => {
    const parts = placed.filter((it) => isWithin(it.path, path));
    const view = parts.find(({ access }) => access === "copy-on-write");
    if (!view) return [];
    const written = parts.find(({ access }) => access === "read-write");
    if (written) throw overlap(view, written);
    const places = parts.map((it) => [it.guestPath, it.path.slice(path.length).replace(/^\//, "")] as const);
    return [{ owner, path: path || "/", parts: new Map(places) }];
  });
}

/** Without links, and without a slash at its end: the root of the host is empty. */
const realPath = (path: string): string => realpathSync.native(path).replace(/\/$/, "");

const isWithin = (path: string, directory: string): boolean => path === directory || path.startsWith(`${directory}/`);

function overlap(view: Placed, written: Placed): WasiKitError {
  return new WasiKitError(
    "E_PREOPEN",
    `The preopens ${view.guestPath} and ${written.guestPath} overlap on the host, and one is copy-on-write, the other read-write.\n` +
      "Give both the same access, or make the second one read-only.",
  );
}
