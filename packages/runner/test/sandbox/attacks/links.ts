import type { SandboxCase } from "../case.ts";

/**
 * Links that the host left, as the last component of a path: what is asked of
 * the link itself is the guest's right, what is asked of its target is not.
 */
export const links: readonly SandboxCase[] = [
  {
    name: "a link to a file outside, followed",
    tree: { "root/way": "-> ../outside/secret" },
    steps: [
      ["notcapable", "open", "way", "follow"],
      ["notcapable", "open", "way", "follow write"],
      ["notcapable", "open", "way", "follow trunc write"],
      ["notcapable", "open", "way", "follow creat write"],
      ["notcapable", "stat", "way", "follow"],
      ["notcapable", "times", "way", "follow"],
      ["notcapable", "link", "way", "stolen", "follow"],
    ],
  },
  {
    name: "a link to a file outside, not followed",
    tree: { "root/way": "-> ../outside/secret" },
    steps: [
      ["loop", "open", "way"],
      ["loop", "open", "way", "write"],
      ["loop", "open", "way", "trunc write"],
      ["loop", "open", "way", "creat write"],
      ["exist", "open", "way", "creat excl write"],
      [["loop", "notdir"], "open", "way", "directory"],
      [{ gets: "symbolic_link" }, "stat", "way"],
      ["success", "times", "way"],
      ["notdir", "rmdir", "way"],
      ["exist", "mkdir", "way"],
      ["exist", "symlink", "file", "way"],
      ["exist", "link", "file", "way"],
      ["success", "rename", "way", "dir/way"],
      ["success", "unlink", "dir/way"],
    ],
    escapesOnNodeWasi: true,
  },
  {
    name: "an absolute link to a file outside",
    tree: { "root/way": "-> {fixture}/outside/secret" },
    steps: [
      ["notcapable", "open", "way", "follow"],
      ["notcapable", "open", "way", "follow trunc write"],
      ["loop", "open", "way"],
      ["loop", "open", "way", "trunc write"],
      ["notcapable", "stat", "way", "follow"],
      [{ gets: "symbolic_link" }, "stat", "way"],
      ["success", "unlink", "way"],
    ],
    escapesOnNodeWasi: true,
  },
  {
    name: "an absolute link to a file inside",
    tree: { "root/way": "-> {fixture}/root/file" },
    steps: [
      ["notcapable", "open", "way", "follow"],
      ["notcapable", "stat", "way", "follow"],
    ],
  },
  {
    name: "an absolute link by the guest's own path",
    tree: { "root/way": "-> /root/file" },
    steps: [
      ["notcapable", "open", "way", "follow"],
      ["notcapable", "stat", "way", "follow"],
    ],
  },
  {
    name: "a link to a directory outside, followed",
    tree: { "root/way": "-> ../outside" },
    steps: [
      ["notcapable", "open", "way", "directory follow"],
      ["notcapable", "open", "way", "follow"],
      ["notcapable", "stat", "way", "follow"],
      ["notcapable", "times", "way", "follow"],
    ],
  },
  {
    name: "a link to a directory outside, with a trailing slash",
    tree: { "root/way": "-> ../outside", "root/void": "-> ../outside/empty" },
    steps: [
      ["notcapable", "open", "way/", "directory"],
      ["notcapable", "open", "way/", "directory follow"],
      ["notcapable", "open", "way//", "directory"],
      ["notcapable", "stat", "way/"],
      ["notcapable", "times", "way/"],
      [["notdir", "notcapable"], "rmdir", "void/"],
      [["notdir", "notcapable"], "unlink", "void/"],
      ["exist", "mkdir", "void/"],
      ["exist", "symlink", "file", "void/"],
      ["exist", "link", "file", "void/"],
      [["notdir", "notcapable"], "rename", "void/", "stolen"],
      [["notdir", "notcapable"], "rename", "empty", "void/"],
      [["inval", "notcapable", "notdir"], "readlink", "way/"],
    ],
    escapesOnNodeWasi: true,
  },
  {
    name: "a link to a directory outside, with . after it",
    tree: { "root/way": "-> ../outside" },
    steps: [
      ["notcapable", "open", "way/.", "directory"],
      ["notcapable", "open", "way/./", "directory"],
      ["notcapable", "stat", "way/."],
      [["notcapable", "inval"], "rmdir", "way/."],
      ["notcapable", "open", "way/./secret"],
    ],
    escapesOnNodeWasi: true,
  },
  {
    name: "a link to a directory outside, with .. after it",
    tree: { "root/way": "-> ../outside" },
    steps: [
      ["notcapable", "open", "way/..", "directory"],
      ["notcapable", "open", "way/../root/file"],
      ["notcapable", "open", "way/../outside/secret"],
      ["notcapable", "stat", "way/../root-twin/secret"],
      // Taken as text this is `file`, which is inside; the system says otherwise.
      ["notcapable", "stat", "way/../file"],
    ],
  },
  {
    name: "a dangling link, created through",
    tree: { "root/way": "-> ../outside/new" },
    steps: [
      ["notcapable", "open", "way", "creat follow write"],
      ["exist", "open", "way", "creat excl follow write"],
      ["loop", "open", "way", "creat write"],
      ["exist", "mkdir", "way"],
      ["exist", "mkdir", "way/"],
      ["notcapable", "open", "way", "follow"],
      ["exist", "symlink", "file", "way"],
      [["exist", "notcapable", "notdir", "noent"], "rename", "empty", "way/"],
    ],
    escapesOnNodeWasi: true,
  },
  {
    name: "an absolute dangling link, created through",
    tree: { "root/way": "-> {fixture}/outside/new" },
    steps: [
      ["notcapable", "open", "way", "creat follow write"],
      ["loop", "open", "way", "creat write"],
      ["notcapable", "open", "way", "follow trunc write"],
    ],
    escapesOnNodeWasi: true,
  },
  {
    name: "a dangling link to a directory that is not there",
    tree: { "root/way": "-> ../nowhere/new" },
    steps: [
      ["notcapable", "open", "way", "creat follow write"],
      ["notcapable", "stat", "way", "follow"],
    ],
  },
  {
    name: "a file renamed onto a link replaces the link",
    tree: { "root/way": "-> ../outside/secret" },
    steps: [
      ["success", "rename", "file", "way"],
      ["success", "open", "way", "", "f"],
      [{ gets: "inside" }, "read", "f"],
    ],
  },
  {
    name: "a directory renamed onto a link to a directory",
    tree: { "root/way": "-> ../outside/empty" },
    steps: [["notdir", "rename", "empty", "way"]],
  },
  {
    name: "what a link says may be read, for it stands inside",
    tree: { "root/way": "-> ../outside/secret" },
    steps: [[["success", "notcapable"], "readlink", "way"]],
  },
  {
    name: "a chain of links whose last leads out",
    tree: { "root/a": "-> dir/b", "root/dir/b": "-> ../c", "root/c": "-> ../outside/secret" },
    steps: [
      ["notcapable", "open", "a", "follow"],
      ["notcapable", "open", "dir/b", "follow trunc write"],
      ["loop", "open", "a"],
      [{ gets: "dir/b" }, "readlink", "a"],
    ],
    escapesOnNodeWasi: true,
  },
  {
    name: "a link to a link outside that leads back in",
    tree: { "root/way": "-> ../outside/back", "outside/back": "-> ../root/file" },
    steps: [
      ["notcapable", "open", "way", "follow"],
      ["notcapable", "stat", "way", "follow"],
    ],
  },
  {
    name: "a link with the root's own name on the way",
    tree: { "root/way": "-> ../root/file" },
    steps: [
      ["notcapable", "open", "way", "follow"],
      ["notcapable", "stat", "way", "follow"],
    ],
  },
  {
    name: "a link to a name that begins with the root's",
    tree: { "root/way": "-> ../root-twin/secret" },
    steps: [
      ["notcapable", "open", "way", "follow"],
      ["notcapable", "open", "way", "follow trunc write"],
    ],
  },
  {
    name: "links of the process file system",
    tree: { "root/cwd": "-> /proc/self/cwd", "root/fd": "-> /proc/self/fd/0", "root/top": "-> /proc/self/root" },
    steps: [
      ["notcapable", "open", "cwd", "directory follow"],
      ["notcapable", "open", "cwd/package.json"],
      ["notcapable", "stat", "fd", "follow"],
      ["notcapable", "open", "top/etc/passwd"],
    ],
  },
];
