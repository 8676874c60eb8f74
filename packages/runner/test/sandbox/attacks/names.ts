import type { Expected, SandboxCase } from "../case.ts";

// Ground below reads names up to the first NUL: what was checked is then not what is used.
const nul: Expected = ["inval", "ilseq"];

/** Names that no file can have. */
export const names: readonly SandboxCase[] = [
  {
    name: "a NUL after a name",
    steps: [
      [nul, "open", "file\0"],
      [nul, "stat", "file\0"],
      [nul, "times", "file\0"],
      [nul, "unlink", "file\0"],
      [nul, "mkdir", "new\0"],
      [nul, "rmdir", "empty\0"],
      [nul, "readlink", "file\0"],
      [nul, "rename", "file\0", "moved"],
      [nul, "rename", "file", "moved\0"],
      [nul, "link", "file\0", "hard"],
      [nul, "link", "file", "hard\0"],
      [nul, "symlink", "file", "way\0"],
      [nul, "open", "new\0", "creat write"],
      ["noent", "stat", "new"],
      ["success", "stat", "file"],
    ],
  },
  {
    name: "a NUL that hides what follows",
    tree: { "root/way": "-> ../outside" },
    steps: [
      [nul, "open", "way/secret\0/../../dir/file"],
      [nul, "open", "file\0/../../outside/secret"],
      [["inval", "ilseq", "notcapable"], "open", "../outside/secret\0.txt"],
      [nul, "open", "\0"],
      [nul, "open", "\0/../../outside/secret"],
    ],
  },
  {
    name: "a NUL in a link's target",
    steps: [
      [nul, "symlink", "../outside/secret\0", "way"],
      [nul, "symlink", "file\0/../..", "way"],
      ["noent", "stat", "way"],
    ],
  },
  {
    name: "a name that is too long",
    steps: [
      ["nametoolong", "open", "n".repeat(300)],
      ["nametoolong", "mkdir", "n".repeat(300)],
      [["nametoolong", "noent"], "open", "missing/".repeat(1000)],
      [["nametoolong", "success"], "open", `${"./".repeat(4000)}file`],
    ],
  },
];
