import type { SandboxCase } from "../case.ts";

/** Hard links and renames, at either end. */
export const hardLinks: readonly SandboxCase[] = [
  {
    name: "a hard link to a file outside, through a link to its directory",
    tree: { "root/way": "-> ../outside" },
    steps: [
      ["notcapable", "link", "way/secret", "stolen"],
      ["notcapable", "link", "way/secret", "stolen", "follow"],
      ["noent", "stat", "stolen"],
    ],
    escapesOnNodeWasi: true,
  },
  {
    name: "a hard link to a file outside, through a link to it",
    tree: { "root/way": "-> ../outside/secret" },
    steps: [
      ["notcapable", "link", "way", "stolen", "follow"],
      ["success", "link", "way", "stolen"],
      [{ gets: "symbolic_link" }, "stat", "stolen"],
      ["notcapable", "open", "stolen", "follow"],
    ],
  },
  {
    name: "a hard link made outside",
    tree: { "root/way": "-> ../outside" },
    steps: [
      ["notcapable", "link", "file", "way/left"],
      ["notcapable", "link", "file", "../outside/left"],
      ["exist", "link", "file", "way"],
    ],
    escapesOnNodeWasi: true,
  },
  {
    name: "a hard link under a dangling link's name",
    tree: { "root/way": "-> ../outside/new" },
    steps: [
      ["exist", "link", "file", "way"],
      [["exist", "noent", "notdir", "notcapable"], "link", "file", "way/"],
    ],
  },
  {
    name: "a hard link to a directory",
    steps: [
      ["perm", "link", "dir", "hard"],
      [["perm", "notcapable"], "link", ".", "hard"],
    ],
  },
];

/** Renames out and in. */
export const renames: readonly SandboxCase[] = [
  {
    name: "a file renamed out",
    tree: { "root/way": "-> ../outside" },
    steps: [
      ["notcapable", "rename", "file", "way/left"],
      ["notcapable", "rename", "file", "way/secret"],
      ["notcapable", "rename", "file", "../outside/left"],
      ["notcapable", "rename", "file", "way/../left"],
      ["success", "stat", "file"],
    ],
    escapesOnNodeWasi: true,
  },
  {
    name: "a file renamed in",
    tree: { "root/way": "-> ../outside" },
    steps: [
      ["notcapable", "rename", "way/secret", "stolen"],
      ["notcapable", "rename", "../outside/secret", "stolen"],
      ["notcapable", "rename", "way/../outside/secret", "file"],
      ["noent", "stat", "stolen"],
    ],
    escapesOnNodeWasi: true,
  },
  {
    name: "a directory renamed out and in",
    tree: { "root/way": "-> ../outside" },
    steps: [
      ["notcapable", "rename", "dir", "way/left"],
      ["notcapable", "rename", "empty", "way/empty"],
      ["notcapable", "rename", "way/dir", "stolen"],
      ["notcapable", "rename", "way/dir", "empty"],
    ],
    escapesOnNodeWasi: true,
  },
  {
    name: "a rename between two preopens goes to the right place, and no further",
    preopens: { "/a": "root/dir", "/b": "root/empty" },
    steps: [
      ["success", "rename", ["/a", "file"], ["/b", "file"]],
      ["notcapable", "rename", ["/b", "file"], ["/a", "../file"]],
      ["notcapable", "rename", ["/b", "../file"], ["/a", "stolen"]],
      ["success", "stat", ["/b", "file"]],
    ],
  },
  {
    name: "a link that another preopen would allow",
    tree: { "root/dir/way": "-> ../empty" },
    preopens: { "/a": "root/dir", "/b": "root/empty" },
    steps: [
      ["notcapable", "open", ["/a", "way"], "directory follow"],
      ["notcapable", "open", ["/a", "way/new"], "creat write"],
      ["success", "open", ["/b", "new"], "creat write"],
    ],
  },
  {
    name: "a directory renamed into itself",
    steps: [
      ["inval", "rename", "dir", "dir/sub/moved"],
      ["inval", "rename", "dir", "dir/moved"],
      ["success", "stat", "dir/sub/file"],
    ],
  },
  {
    name: "renames onto what is not alike",
    steps: [
      ["isdir", "rename", "file", "empty"],
      ["notdir", "rename", "empty", "file"],
      ["notempty", "rename", "empty", "dir"],
      [["notdir", "noent"], "rename", "file", "new/"],
      ["notdir", "rename", "file/", "moved"],
    ],
  },
];
