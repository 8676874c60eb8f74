import type { SandboxCase } from "../case.ts";

/**
 * Links that the guest makes and moves itself, in a directory that was clean.
 * To make one that leads out is no offence; to go through it is.
 */
export const guestMade: readonly SandboxCase[] = [
  {
    name: "a link to the directory itself hides the parent",
    steps: [
      ["success", "symlink", ".", "a"],
      ["success", "symlink", "a/..", "up"],
      ["notcapable", "open", "up/outside/secret"],
      ["notcapable", "open", "up/outside/secret", "trunc write"],
      ["notcapable", "open", "up/outside/new", "creat write"],
      ["notcapable", "unlink", "up/outside/secret"],
    ],
    escapesOnNodeWasi: true,
  },
  {
    name: "a link whose text stays inside, through a link that jumps up",
    steps: [
      ["success", "symlink", "../..", "dir/sub/top"],
      ["success", "symlink", "dir/sub/top/../outside", "way"],
      ["notcapable", "open", "way/secret"],
      ["notcapable", "open", "way", "directory follow"],
    ],
  },
  {
    name: "a link that turns bad when the link it goes through is replaced",
    steps: [
      ["success", "symlink", "dir/sub", "step"],
      ["success", "symlink", "step/../file", "way"],
      ["success", "open", "way", "follow", "f"],
      [{ gets: "inside dir" }, "read", "f"],
      ["success", "unlink", "step"],
      ["success", "symlink", ".", "step"],
      ["notcapable", "open", "way", "follow"],
    ],
  },
  {
    name: "a link moved to where it leads out",
    steps: [
      ["success", "symlink", "../../outside/secret", "dir/sub/way"],
      ["noent", "open", "dir/sub/way", "follow"],
      ["success", "rename", "dir/sub/way", "dir/way"],
      ["notcapable", "open", "dir/way", "follow"],
      ["notcapable", "open", "dir/way", "follow trunc write"],
      ["success", "rename", "dir/way", "way"],
      ["notcapable", "open", "way", "follow"],
    ],
  },
  {
    name: "a link that the host left, moved to where it leads out",
    tree: { "root/dir/sub/way": "-> ../../outside" },
    steps: [
      ["noent", "open", "dir/sub/way/secret"],
      ["success", "rename", "dir/sub/way", "dir/way"],
      ["notcapable", "open", "dir/way/secret"],
      ["notcapable", "mkdir", "dir/way/new"],
    ],
    escapesOnNodeWasi: true,
  },
  {
    name: "a tree moved to where a link in it leads out",
    tree: { "root/dir/sub/tree/way": "-> ../../outside" },
    steps: [
      ["noent", "open", "dir/sub/tree/way/secret"],
      ["success", "rename", "dir/sub/tree", "tree"],
      ["notcapable", "open", "tree/way/secret"],
      ["notcapable", "unlink", "tree/way/secret"],
      ["notcapable", "rename", "file", "tree/way/left"],
    ],
    escapesOnNodeWasi: true,
  },
  {
    name: "a tree moved while a descriptor to its inside is open",
    steps: [
      ["success", "mkdir", "dir/sub/tree"],
      ["success", "symlink", "../../outside", "dir/sub/tree/way"],
      ["success", "open", "dir/sub/tree", "directory", "d"],
      ["success", "rename", "dir/sub/tree", "tree"],
      ["notcapable", "open", ["d", "way/secret"]],
      ["notcapable", "open", ["d", "way"], "directory follow"],
      [{ gets: "symbolic_link" }, "stat", ["d", "way"]],
    ],
  },
  {
    name: "a link under a name that a link was before",
    steps: [
      ["success", "symlink", "file", "way"],
      ["success", "open", "way", "follow"],
      ["success", "unlink", "way"],
      ["success", "symlink", "../outside/secret", "way"],
      ["notcapable", "open", "way", "follow"],
    ],
  },
  {
    name: "a link with the host's path",
    steps: [
      [["success", "notcapable"], "symlink", "{fixture}/outside/secret", "way"],
      [["notcapable", "noent"], "open", "way", "follow"],
      [["notcapable", "noent"], "stat", "way", "follow"],
      [["success", "noent"], "unlink", "way"],
    ],
  },
  {
    name: "a link made through a link that leads out",
    tree: { "root/way": "-> ../outside" },
    steps: [
      ["notcapable", "symlink", "secret", "way/left"],
      ["notcapable", "symlink", "secret", "way/../left"],
    ],
    escapesOnNodeWasi: true,
  },
  {
    name: "a link in the place of a directory that was removed",
    tree: { "root/way": "-> .." },
    steps: [
      ["success", "rmdir", "empty"],
      ["success", "rename", "way", "empty"],
      ["notcapable", "open", "empty/outside/secret"],
      ["notcapable", "rmdir", "empty/outside/empty"],
      ["notcapable", "mkdir", "empty/new"],
    ],
    escapesOnNodeWasi: true,
  },
];

/** Links that lead to themselves or go on for too long. */
export const loops: readonly SandboxCase[] = [
  {
    name: "a link to itself",
    tree: { "root/way": "-> way" },
    steps: [
      ["loop", "open", "way", "follow"],
      ["loop", "open", "way"],
      ["loop", "stat", "way", "follow"],
      ["loop", "open", "way/x"],
      ["loop", "open", "way", "follow creat write"],
      ["loop", "mkdir", "way/x"],
      ["success", "unlink", "way"],
    ],
  },
  {
    name: "two links to each other",
    tree: { "root/a": "-> dir/b", "root/dir/b": "-> ../a" },
    steps: [
      ["loop", "open", "a", "follow"],
      ["loop", "stat", "dir/b", "follow"],
      ["loop", "rename", "a/x", "y"],
    ],
  },
  {
    name: "a link to itself through a directory",
    tree: { "root/dir/way": "-> ../dir/way/x" },
    steps: [
      ["loop", "open", "dir/way", "follow"],
      ["loop", "readlink", "dir/way/x"],
    ],
  },
  {
    name: "a link that grows with each turn",
    tree: { "root/way": "-> way/way" },
    steps: [
      ["loop", "open", "way", "follow"],
      ["loop", "stat", "way/way/way", "follow"],
    ],
  },
  {
    name: "a link that doubles 30 times",
    steps: [
      ["success", "symlink", ".", "l0"],
      ...Array.from({ length: 30 }, (_, i) => ["success", "symlink", `l${i}/l${i}`, `l${i + 1}`] as const),
      ["loop", "open", "l30/file"],
      ["loop", "open", "l30/../outside/secret"],
    ],
  },
  {
    name: "50 links in a row",
    tree: Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`root/l${i}`, `-> l${i + 1}`])),
    steps: [
      ["loop", "open", "l0", "follow"],
      [["loop", "noent"], "open", "l45", "follow"],
    ],
  },
  {
    name: "a loop that passes the outside",
    tree: { "root/way": "-> ../outside/back", "outside/back": "-> ../root/way" },
    steps: [
      ["notcapable", "open", "way", "follow"],
      ["notcapable", "stat", "way", "follow"],
    ],
  },
];
