import { lstatSync } from "node:fs";
import type { Descriptors, OpenFile, Root } from "../../descriptors.ts";
import type { Host } from "../../host.ts";
import { preopenOf } from "../../options.ts";
import type { RunOptions } from "../../options.ts";
import { filetype } from "../../preview1/layouts.ts";
import { changingRights, directoryRights, fileRights } from "../../preview1/rights.ts";

/** Puts the preopens of a run into its table, from 3 on. */
export function addPreopens(descriptors: Descriptors, host: Host, preopens: NonNullable<RunOptions["preopens"]>): void {
  const names = Object.keys(preopens);
  const roots = host.directories.map((it, i): Root => ({ ...it, name: names[i]!, isReadOnly: false }));
  for (const [i, [guestPath, granted]] of Object.entries(preopens).entries()) {
    const root = roots[i]!;
    root.isReadOnly = preopenOf(granted).access === "read-only";
    if (roots.some((other) => root.path.startsWith(`${other.path}/`))) {
      const { dev, ino } = lstatSync(Buffer.from(root.path, "latin1"), { bigint: true });
      root.identity = { dev, ino };
    }
    const preopen: OpenFile = {
      kind: "file",
      base: directoryRights & allowed(root),
      inheriting: (directoryRights | fileRights) & allowed(root),
      flags: 0,
      host: root.host,
      root,
      path: "",
      filetype: filetype.directory,
      preopen: new TextEncoder().encode(guestPath),
    };
    descriptors.add(preopen);
  }
}

/** The rights that can be had through a preopen. */
export function allowed(root: Root): number {
  return root.isReadOnly ? ~changingRights : ~0;
}

/** The path on the host of what lies below a root, for node:fs. */
export function hostPath(root: Root, path: string): Buffer {
  return Buffer.from(`${root.path}/${path}`, "latin1");
}
