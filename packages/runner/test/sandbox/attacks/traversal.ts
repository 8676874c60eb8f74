import type { SandboxCase } from "../case.ts";

/** Paths that lead out by themselves, without a link. */
export const traversal: readonly SandboxCase[] = [
  { name: "the parent of the root", steps: [["notcapable", "open", "..", "directory"]] },
  { name: "a file beside the root", steps: [["notcapable", "open", "../outside/secret"]] },
  { name: "out of the root and back in", steps: [["notcapable", "open", "../root/file"]] },
  { name: "a directory whose name begins with the root's", steps: [["notcapable", "open", "../root-twin/secret"]] },
  { name: "down and then further up", steps: [["notcapable", "open", "dir/sub/../../../outside/secret"]] },
  { name: "single dots and double slashes", steps: [["notcapable", "open", ".//dir/.//..//./..//outside/secret"]] },
  { name: "many levels up", steps: [["notcapable", "open", "../../../../../../../../../../../../etc/passwd"]] },
  {
    name: "up through a name that is not there",
    steps: [[["noent", "notcapable"], "open", "missing/../../outside/secret"]],
  },
  { name: "up through a file", steps: [[["notdir", "notcapable"], "open", "file/../../outside/secret"]] },
  { name: "an absolute path", steps: [["notcapable", "open", "/etc/passwd"]] },
  { name: "the host's path of a file outside", steps: [["notcapable", "open", "{fixture}/outside/secret"]] },
  { name: "the host's path of a file inside", steps: [["notcapable", "open", "{fixture}/root/file"]] },
  { name: "the slash alone", steps: [["notcapable", "open", "/", "directory"]] },
  { name: "two slashes", steps: [["notcapable", "stat", "//outside"]] },
  {
    name: "up from a descriptor further down",
    steps: [
      ["success", "open", "dir/sub", "directory", "d"],
      ["notcapable", "open", ["d", "../../../outside/secret"]],
      ["notcapable", "stat", ["d", "../../../outside/secret"]],
      ["notcapable", "mkdir", ["d", "../../../outside/new"]],
    ],
  },
  {
    name: "every call that takes a path",
    steps: [
      ["notcapable", "open", "../outside/new", "creat write"],
      ["notcapable", "open", "../outside/secret", "trunc write"],
      ["notcapable", "stat", "../outside/secret"],
      ["notcapable", "times", "../outside/secret"],
      ["notcapable", "mkdir", "../outside/new"],
      ["notcapable", "rmdir", "../outside/empty"],
      ["notcapable", "unlink", "../outside/secret"],
      ["notcapable", "readlink", "../outside/to-secret"],
      ["notcapable", "rename", "../outside/secret", "stolen"],
      ["notcapable", "rename", "file", "../outside/left"],
      ["notcapable", "link", "../outside/secret", "stolen"],
      ["notcapable", "link", "file", "../outside/left"],
      ["notcapable", "symlink", "secret", "../outside/left"],
    ],
  },
  {
    name: "the root itself can't be removed, renamed or replaced",
    steps: [
      [["notcapable", "inval", "busy", "notempty", "perm"], "rmdir", "."],
      [["notcapable", "inval", "busy", "notempty", "perm"], "rmdir", "dir/.."],
      [["notcapable", "isdir", "perm", "busy"], "unlink", "."],
      [["notcapable", "inval", "busy"], "rename", ".", "moved"],
      [["notcapable", "inval", "busy", "notempty", "exist"], "rename", "empty", "."],
      [["notcapable", "exist"], "mkdir", "."],
      [["notcapable", "exist"], "mkdir", "dir/.."],
      ["notcapable", "rename", "..", "moved"],
      ["notcapable", "rmdir", ".."],
      ["notcapable", "mkdir", ".."],
      ["success", "stat", "file"],
    ],
  },
  {
    name: "an empty path",
    steps: [
      [["noent", "inval"], "open", ""],
      [["noent", "inval"], "stat", ""],
      [["noent", "inval"], "mkdir", ""],
      [["noent", "inval"], "unlink", ""],
    ],
  },
];
