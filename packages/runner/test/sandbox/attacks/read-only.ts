import type { SandboxCase, ExpectedCall } from "../case.ts";

const readOnly: NonNullable<SandboxCase["preopens"]> = { "/root": { path: "root", access: "read-only" } };
const refused = ["rofs", "notcapable"] as const;

const attempts = (way: string): ExpectedCall[] => [
  [refused, "open", `${way}/new`, "creat write"],
  [refused, "open", `${way}/new`, "creat"],
  [refused, "open", `${way}/file`, "write"],
  [refused, "open", `${way}/file`, "trunc"],
  [refused, "open", `${way}/file`, "trunc write"],
  [refused, "open", `${way}/file`, "append write"],
  [refused, "mkdir", `${way}/new`],
  [refused, "rmdir", `${way}/void`],
  [refused, "unlink", `${way}/file`],
  [refused, "rename", `${way}/file`, `${way}/moved`],
  [refused, "rename", `${way}/void`, `${way}/moved`],
  [refused, "link", `${way}/file`, `${way}/hard`],
  [refused, "symlink", "file", `${way}/left`],
  [refused, "times", `${way}/file`],
  [refused, "times", `${way}/file`, "follow"],
];

/** Directories that were granted for reading. */
export const readOnlyPreopens: readonly SandboxCase[] = [
  { name: "each change", preopens: readOnly, tree: { "root/void/": "" }, steps: attempts(".") },
  { name: "each change, further down", preopens: readOnly, tree: { "root/dir/void/": "" }, steps: attempts("dir") },
  {
    name: "each change, through a link",
    preopens: readOnly,
    tree: { "root/dir/void/": "", "root/way": "-> dir" },
    steps: attempts("way"),
  },
  {
    name: "each change, from a descriptor further down",
    preopens: readOnly,
    tree: { "root/dir/void/": "" },
    steps: [
      ["success", "open", "dir", "directory", "d"],
      [refused, "open", ["d", "new"], "creat write"],
      [refused, "open", ["d", "file"], "write"],
      [refused, "open", ["d", "file"], "trunc"],
      [refused, "mkdir", ["d", "new"]],
      [refused, "rmdir", ["d", "void"]],
      [refused, "unlink", ["d", "file"]],
      [refused, "rename", ["d", "file"], "moved"],
      [refused, "rename", "file", ["d", "moved"]],
      [refused, "link", ["d", "file"], "hard"],
      [refused, "symlink", "file", ["d", "left"]],
      [refused, "times", ["d", "file"]],
      [refused, "ftimes", "d"],
    ],
  },
  {
    name: "each change to an open file",
    preopens: readOnly,
    steps: [
      ["success", "open", "file", "", "f"],
      [["rofs", "notcapable", "badf"], "write", "f", "changed"],
      [["rofs", "notcapable", "badf", "inval"], "truncate", "f", 0],
      [["rofs", "notcapable", "badf", "notsup"], "allocate", "f", 100],
      [refused, "ftimes", "f"],
      [{ gets: "inside" }, "read", "f"],
    ],
  },
  {
    name: "a descriptor that was renumbered",
    preopens: { "/ro": { path: "root/dir", access: "read-only" }, "/rw": "root/empty" },
    steps: [
      ["success", "open", ["/ro", "sub"], "directory", "d"],
      ["success", "open", ["/rw", "."], "directory", "e"],
      ["success", "renumber", "d", "e"],
      [refused, "open", ["e", "new"], "creat write"],
      [refused, "unlink", ["e", "file"]],
      ["success", "stat", ["e", "file"]],
    ],
  },
  {
    name: "a preopen renumbered over one that may be written",
    preopens: { "/ro": { path: "root/dir", access: "read-only" }, "/rw": "root/empty" },
    steps: [
      ["success", "open", ["/rw", "."], "directory", "e"],
      [["success", "notsup"], "renumber", "/ro", "e"],
      [["success", "rofs", "notcapable"], "open", ["e", "new"], "creat write"],
    ],
  },
  {
    name: "to and from a directory that may be written",
    preopens: { "/ro": { path: "root/dir", access: "read-only" }, "/rw": "root/empty" },
    steps: [
      [refused, "rename", ["/ro", "file"], ["/rw", "file"]],
      [refused, "link", ["/ro", "file"], ["/rw", "file"]],
      ["success", "open", ["/rw", "mine"], "creat write"],
      [refused, "rename", ["/rw", "mine"], ["/ro", "mine"]],
      [refused, "link", ["/rw", "mine"], ["/ro", "mine"]],
      ["success", "stat", ["/rw", "mine"]],
    ],
  },
  {
    name: "a directory that may be written leads into one that may not",
    preopens: { "/ro": { path: "root/dir", access: "read-only" }, "/rw": "root/empty" },
    tree: { "root/empty/way": "-> ../dir", "root/dir/back": "-> ../empty" },
    steps: [
      ["notcapable", "open", ["/rw", "way/file"], "trunc write"],
      ["notcapable", "open", ["/ro", "back/file"]],
      [refused, "open", ["/ro", "back/new"], "creat write"],
    ],
  },
  {
    name: "the rights that the guest sees",
    preopens: readOnly,
    steps: [
      [{ gets: "" }, "rights", "/root"],
      ["success", "open", "dir", "directory", "d"],
      [{ gets: "" }, "rights", "d"],
      ["success", "open", "file", "", "f"],
      [{ gets: "" }, "rights", "f"],
      ["notcapable", "claim", "/root"],
      ["notcapable", "claim", "d"],
      ["notcapable", "claim", "f"],
      [{ gets: "" }, "rights", "d"],
    ],
  },
  {
    name: "reading goes on",
    preopens: readOnly,
    tree: { "root/way": "-> dir/file" },
    steps: [
      ["success", "open", "way", "follow", "f"],
      [{ gets: "inside dir" }, "read", "f"],
      ["success", "open", "dir", "directory", "d"],
      [{ gets: "file,sub" }, "readdir", "d"],
      [{ gets: "regular_file 6" }, "stat", "file"],
      [{ gets: "dir/file" }, "readlink", "way"],
      [{ gets: "regular_file 10" }, "stat", "way", "follow"],
      ["noent", "open", "missing"],
      ["success", "close", "f"],
    ],
  },
  {
    name: "links out are no way around it",
    preopens: readOnly,
    tree: { "root/way": "-> ../outside", "root/new": "-> ../outside/new" },
    steps: [
      ["notcapable", "open", "way/secret"],
      [refused, "open", "way/secret", "trunc write"],
      [refused, "open", "new", "creat follow write"],
      [refused, "unlink", "way/secret"],
      [refused, "mkdir", "way/new"],
    ],
    escapesOnNodeWasi: true,
  },
];
