import type { Descriptors, OpenFile, Root } from "../../descriptors.ts";
import { CallError } from "../../guest.ts";
import { errno } from "../../preview1/errno.ts";
import type { Preview1 } from "../../preview1/functions.ts";
import { fdstat } from "../../preview1/layouts.ts";
import { scratch } from "../../scratch.ts";

/** The files and directories among a guest's descriptors. */
export interface FileTable {
  /** The file or directory with a number and a right. */
  need(fd: number, right: number): OpenFile;
  /** What it is. Asked of the host once, and only when it matters. */
  typeOf(file: OpenFile): number;
  /** Tells the table that what was found has been removed. */
  removed(found: Named): void;
  /** Tells the table that one name became another. */
  moved(from: Named, to: Named): void;
}

interface Named {
  root: Root;
  path: string;
}

/** Looks after the files among the descriptors. */
export function createFileTable(native: Preview1, descriptors: Descriptors): FileTable {
  /** Calls back for each file at a path or below it, with what its path has after that. */
  const under = (path: string, then: (file: OpenFile, rest: string) => void): void => {
    for (const file of descriptors.all()) {
      if (file.kind !== "file" || file.path === undefined || file.preopen) continue;
      const own = realPath(file as Named);
      if (own === path || own.startsWith(`${path}/`)) then(file, own.slice(path.length));
    }
  };

  return {
    need(fd, right) {
      const file = descriptors.need(fd);
      if (file.kind !== "file") throw new CallError(right ? errno.notcapable : errno.notdir);
      if ((file.base & right) !== right) throw new CallError(errno.notcapable);
      return file;
    },
    typeOf(file) {
      if (file.filetype === undefined) {
        const code = native.fd_fdstat_get(file.host, scratch.out);
        if (code !== errno.success) throw new CallError(code);
        file.filetype = scratch.view.getUint8(scratch.out + fdstat.fs_filetype);
      }
      return file.filetype;
    },
    removed(found) {
      under(realPath(found), (file) => {
        file.path = undefined;
      });
    },
    moved(from, to) {
      const [old, now] = [realPath(from), realPath(to)];
      if (old === now) return;
      // What stood there is gone: an empty directory, or a file.
      under(now, (file) => {
        file.path = undefined;
      });
      under(old, (file, rest) => {
        const path = now + rest;
        // Moved out of its own preopen into another, it is found from that one.
        if (!path.startsWith(`${file.root.path}/`)) file.root = to.root;
        file.path = path.slice(file.root.path.length + 1);
      });
    },
  };
}

const realPath = ({ root, path }: Named): string => `${root.path}/${path}`.replace(/\/$/, "");
