import { errno } from "@wasi-kit/wasi/abi";
import type { ErrnoName } from "@wasi-kit/wasi/abi";
import type { Call } from "../guest-calls.ts";
import { mapPaths } from "../guest-calls.ts";
import type { Expected, SandboxCase, ExpectedCall } from "../case.ts";
import type { FixtureFiles } from "../fixture-tree.ts";

/**
 * A way to a directory outside. Each is tried with each of the
 * {@link attempts}; `{way}` in those stands for `way`.
 */
interface Route {
  name: string;
  tree?: FixtureFiles;
  /** What the guest does to lay the way. */
  steps?: readonly ExpectedCall[];
  way: string;
  /** The descriptor that the way starts at, where it is not the root's. */
  from?: string;
  /** What every attempt gives. Default: `notcapable`. */
  gives?: Expected;
}

/** Where the descriptor still means the directory that it was opened for: what counts is that nothing gets out. */
const anything = Object.keys(errno) as ErrnoName[];

const routes: readonly Route[] = [
  { name: "a relative link", tree: { "root/way": "-> ../outside" }, way: "way" },
  { name: "an absolute link", tree: { "root/way": "-> {fixture}/outside" }, way: "way" },
  { name: "a link that ends in a slash", tree: { "root/way": "-> ../outside/" }, way: "way" },
  { name: "a link that ends in a dot", tree: { "root/way": "-> ../outside/." }, way: "way" },
  { name: "a link that goes down and up", tree: { "root/way": "-> dir/sub/../../../outside/dir/.." }, way: "way" },
  { name: "a link to the root's parent", tree: { "root/way": "-> .." }, way: "way/outside" },
  { name: "a link to the root's parent, further down", tree: { "root/dir/way": "-> ../.." }, way: "dir/way/outside" },
  { name: "a link to a directory outside, then ..", tree: { "root/way": "-> ../outside/dir" }, way: "way/.." },
  {
    name: "a link to a directory outside, then . and ..",
    tree: { "root/way": "-> ../outside/dir" },
    way: "./way/./.././",
  },
  {
    name: "a link to another link",
    tree: { "root/way": "-> dir/next", "root/dir/next": "-> ../../outside" },
    way: "way",
  },
  { name: "a link through a link", tree: { "root/up": "-> ..", "root/way": "-> up/outside" }, way: "way" },
  {
    name: "a link to a name that begins with the root's",
    tree: { "root/way": "-> ../root-twin/../outside" },
    way: "way",
  },
  { name: "a link out and back in", tree: { "root/back": "-> ../root" }, way: "back/../outside" },
  { name: "the link of a process's root", tree: { "root/way": "-> /proc/self/root/{fixture}/outside" }, way: "way" },
  {
    name: "two links that the guest made",
    steps: [
      ["success", "symlink", ".", "a"],
      [["success", "notcapable"], "symlink", "a/..", "up"],
    ],
    way: "up/outside",
    gives: ["notcapable", "noent"],
  },
  {
    name: "a link that the guest made to the parent",
    steps: [[["success", "notcapable"], "symlink", "..", "up"]],
    way: "up/outside",
    gives: ["notcapable", "noent"],
  },
  {
    name: "a link that the guest made with the host's path",
    steps: [[["success", "notcapable"], "symlink", "{fixture}/outside", "way"]],
    way: "way",
    gives: ["notcapable", "noent"],
  },
  {
    name: "a chain that the guest made of harmless links",
    steps: [
      ["success", "symlink", "sub", "dir/a"],
      ["success", "symlink", "dir/a", "b"],
      [["success", "notcapable"], "symlink", "b/../..", "c"],
      [["success", "notcapable"], "symlink", "c/../outside", "way"],
    ],
    way: "way",
    gives: ["notcapable", "noent"],
  },
  {
    name: "a link that was harmless where it was made",
    steps: [
      ["success", "symlink", "../../outside", "dir/sub/way"],
      ["success", "rename", "dir/sub/way", "dir/way"],
    ],
    way: "dir/way",
  },
  {
    name: "a link in a tree that was moved up",
    steps: [
      ["success", "mkdir", "dir/sub/tree"],
      ["success", "symlink", "../../outside", "dir/sub/tree/way"],
      ["success", "rename", "dir/sub/tree", "tree"],
    ],
    way: "tree/way",
  },
  {
    name: "a hard link to a link, made where it leads out",
    steps: [
      ["success", "symlink", "../../outside", "dir/sub/way"],
      ["success", "link", "dir/sub/way", "dir/way"],
    ],
    way: "dir/way",
  },
  {
    name: "a link reached from a descriptor further down",
    tree: { "root/dir/way": "-> ../../outside" },
    steps: [["success", "open", "dir", "directory", "d"]],
    from: "d",
    way: "way",
  },
  {
    name: "a descriptor whose directory was renamed, with a link in its place",
    tree: { "root/way": "-> ../outside", "root/real/": "" },
    steps: [
      ["success", "open", "real", "directory", "d"],
      ["success", "rename", "real", "moved"],
      ["success", "rename", "way", "real"],
    ],
    from: "d",
    way: ".",
    gives: anything,
  },
  {
    name: "a descriptor whose directory was removed, with a link in its place",
    tree: { "root/way": "-> ../outside", "root/real/": "" },
    steps: [
      ["success", "open", "real", "directory", "d"],
      ["success", "rmdir", "real"],
      ["success", "rename", "way", "real"],
    ],
    from: "d",
    way: ".",
    gives: anything,
  },
  {
    name: "a descriptor whose parent was renamed, with a tree of links in its place",
    tree: { "root/trap/sub": "-> ../../outside" },
    steps: [
      ["success", "open", "dir/sub", "directory", "d"],
      ["success", "rename", "dir", "moved"],
      ["success", "rename", "trap", "dir"],
    ],
    from: "d",
    way: ".",
    gives: anything,
  },
  {
    name: "a descriptor that was renumbered over another and whose directory was renamed",
    tree: { "root/way": "-> ../outside", "root/real/": "" },
    steps: [
      ["success", "open", "real", "directory", "d"],
      ["success", "open", "dir", "directory", "e"],
      ["success", "renumber", "d", "e"],
      ["success", "rename", "real", "moved"],
      ["success", "rename", "way", "real"],
    ],
    from: "e",
    way: ".",
    gives: anything,
  },
];

/** What a guest that has reached a directory outside would do there. */
const attempts: readonly { name: string; calls: readonly Call[] }[] = [
  {
    name: "look",
    calls: [
      ["open", "{way}/", "directory"],
      ["open", "{way}/.", "directory follow"],
      ["open", "{way}/dir", "directory"],
    ],
  },
  {
    name: "read",
    calls: [
      ["open", "{way}/secret"],
      ["open", "{way}/secret", "follow"],
      ["open", "{way}/dir/secret"],
      ["open", "{way}/to-secret", "follow"],
    ],
  },
  {
    name: "write",
    calls: [
      ["open", "{way}/secret", "write"],
      ["open", "{way}/secret", "trunc write"],
      ["open", "{way}/secret", "append write creat"],
    ],
  },
  {
    name: "create",
    calls: [
      ["open", "{way}/new", "creat write"],
      ["open", "{way}/new", "creat excl write follow"],
    ],
  },
  {
    name: "stat",
    calls: [
      ["stat", "{way}/secret"],
      ["stat", "{way}/secret", "follow"],
      ["stat", "{way}/."],
    ],
  },
  {
    name: "set times",
    calls: [
      ["times", "{way}/secret"],
      ["times", "{way}/secret", "follow"],
      ["times", "{way}/dir"],
    ],
  },
  {
    name: "make and remove directories",
    calls: [
      ["mkdir", "{way}/new"],
      ["rmdir", "{way}/empty"],
      ["rmdir", "{way}/empty/"],
    ],
  },
  { name: "remove", calls: [["unlink", "{way}/secret"]] },
  {
    name: "rename out and in",
    calls: [
      ["rename", "{way}/secret", "stolen"],
      ["rename", "file", "{way}/left"],
      ["rename", "{way}/dir", "{way}/renamed"],
    ],
  },
  {
    name: "link",
    calls: [
      ["link", "{way}/secret", "stolen"],
      ["link", "dir/file", "{way}/left"],
    ],
  },
  {
    name: "links of its own",
    calls: [
      ["readlink", "{way}/to-secret"],
      ["symlink", "secret", "{way}/left"],
    ],
  },
];

/** Each way out with each thing to do there. */
export const throughRoutes: readonly SandboxCase[] = routes.flatMap(
  ({ name, tree = {}, steps = [], way, from, gives = "notcapable" }) =>
    attempts.map((attempt) => ({
      name: `${name}: ${attempt.name}`,
      tree,
      steps: [
        ...steps,
        ...attempt.calls.map((call): ExpectedCall => [
          gives,
          ...mapPaths(call, (path) => {
            if (!path.startsWith("{way}")) return path;
            const full = path.replace("{way}", way);
            return from === undefined ? full : [from, full];
          }),
        ]),
      ],
    })),
);
