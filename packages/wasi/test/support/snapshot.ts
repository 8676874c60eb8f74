import { lstatSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { filetype } from "../../src/abi/layouts.ts";
import { openFlags } from "../../src/fs/file-system.ts";
import type { ByteString, DirectoryHandle, FileHandle, FileSystem } from "../../src/fs/file-system.ts";

/** Times before it were set; those after it are when something was done. In nanoseconds. */
const longAgo = 1_500_000_000_000_000_000n;

/** What stands for a time at which something was done. */
export const justNow = "just now";

/** A time as it can be compared: one that was set, to the microsecond that the host keeps, or any other. */
export const setTime = (time: bigint): string => (time < longAgo ? String(time / 1000n) : justNow);

/** All of a file. */
function contentOf(file: FileHandle): Buffer {
  const bytes = Buffer.alloc(Number(file.stat().size), "?");
  const count = file.read([bytes], 0);
  return bytes.subarray(0, count);
}

/** What is in a file system: a line for each name, with hard links by the first name of the file. */
export function snapshotOf(fileSystem: FileSystem, { withTimes = true } = {}): string[] {
  const root = fileSystem.open();
  const lines: string[] = [];
  const first = new Map<bigint, string>();
  const visit = (directory: DirectoryHandle, path: string): void => {
    for (const { name } of directory.list()) {
      const at = `${path}/${name}`;
      const stat = directory.lookup(name);
      if (!stat) throw new Error(`${at} is listed, but is not there`);
      const times = withTimes ? ` ${setTime(stat.mtim)}` : "";
      const links = `${stat.nlink} ${first.get(stat.ino) ?? "-"}`;
      if (stat.filetype !== filetype.directory) first.set(stat.ino, first.get(stat.ino) ?? at);
      if (stat.filetype === filetype.directory) {
        lines.push(`${at}/ ${links}${times}`);
        const child = directory.openDirectory(name);
        visit(child, at);
        child.close();
      } else if (stat.filetype === filetype.symbolic_link) {
        lines.push(`${at} -> ${directory.readlink(name)} ${stat.size} ${links}${times}`);
      } else if (stat.filetype === filetype.regular_file) {
        const file = directory.open(name, openFlags.read) as FileHandle;
        lines.push(`${at} ${stat.size} ${links}${times} ${digest(contentOf(file))}`);
        file.close();
      } else lines.push(`${at} special ${links}`);
    }
  };
  try {
    lines.push(`/ ${setTime(root.stat().mtim)}`);
    if (!withTimes) lines.pop();
    visit(root, "");
  } finally {
    root.close();
  }
  return lines;
}

/** The runs of equal bytes: short, and readable in a failure. */
export function digest(bytes: Uint8Array): string {
  const runs: string[] = [];
  for (let i = 0; i < bytes.length;) {
    const byte = bytes[i];
    let end = i + 1;
    while (end < bytes.length && bytes[end] === byte) end++;
    runs.push(end - i === 1 ? `${byte}` : `${byte}*${end - i}`);
    i = end;
  }
  return runs.join(",");
}

/** A tree of the host as `lstat` sees it, byte for byte and time for time. The last access is left out: reading changes it. */
export function hostSnapshot(path: ByteString, { withContents = true } = {}): string[] {
  const hostPath = Buffer.from(path, "latin1");
  const stat = lstatSync(hostPath, { bigint: true });
  const { mode, ino, nlink, size, mtimeNs, ctimeNs } = stat;
  const line = [path, mode, ino, nlink, size, mtimeNs, ctimeNs];
  if (stat.isSymbolicLink()) return [[...line, readlinkSync(hostPath, "latin1")].join(" ")];
  if (!stat.isDirectory()) return [[...line, withContents ? digest(readFileSync(hostPath)) : ""].join(" ")];
  const names = readdirSync(hostPath, "latin1");
  return [line.join(" "), ...names.flatMap((name) => hostSnapshot(`${path}/${name}`, { withContents }))];
}
