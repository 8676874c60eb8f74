import { join } from "node:path";
import { symlink } from "@wasi-kit/runner";
import type { MemoryTree } from "@wasi-kit/runner";
import type { SuiteTest } from "./suite-test.ts";
import type { Suite } from "./suite.ts";
import { readTree } from "./tree.ts";

/**
 * The modules of Node's test/wasi. What is expected of each is in programs that
 * run them with node:wasi; here it is a table. Left out are `poll_win`, which
 * is for Windows, and `pthread`, whose threads are no part of WASI preview 1.
 */
export const nodeTests: Suite = {
  name: "Node.js, test/wasi",
  source: "From nodejs/node.",
  folder: "node",
  fileSystems: ["host"],
  read: (checkout) => {
    const fixtures = readTree(join(checkout, "test/fixtures/wasi"));
    return Object.entries(expectations).map(([name, expected]) => ({
      ...defaults(fixtures),
      name,
      module: join(checkout, "test/wasi/wasm", `${name}.wasm`),
      ...expected,
    }));
  },
};

type Expectation = Partial<Pick<SuiteTest, "stdin" | "stdout" | "exitCode" | "files">>;

const defaults = (fixtures: MemoryTree): Omit<SuiteTest, "name" | "module"> => ({
  group: "wasi",
  argv0: "foo",
  args: ["-bar", "--baz=value"],
  env: { NODE_PLATFORM: process.platform },
  files: { sandbox: fixtures, tmp: {} },
  directories: { "/sandbox": "sandbox", "/tmp": "tmp" },
  exitCode: 0,
  stdout: "",
});

/** For the tests of links, which are given links that can't be in a checkout. */
const links: MemoryTree = {
  "outside.txt": "this should be inaccessible",
  sandbox: {
    "input.txt": "hello from input.txt",
    subdir: {
      "input-in-subdir.txt": "hello from subdir",
      "input_link.txt": symlink("../input.txt"),
      "outside.txt": symlink("../../outside.txt"),
      loop1: symlink("./loop2"),
      loop2: symlink("./loop1"),
    },
  },
  tmp: {},
};

const expectations: Readonly<Record<string, Expectation>> = {
  cant_dotdot: {},
  clock_getres: {},
  create_symlink: { files: links, stdout: "hello from subdir" },
  exitcode: { exitCode: 120 },
  fd_prestat_get_refresh: {},
  follow_symlink: { files: links, stdout: "hello from input.txt" },
  freopen: { stdout: "hello from input2.txt\n" },
  ftruncate: {},
  getentropy: {},
  getrusage: {},
  gettimeofday: {},
  link: { files: links },
  main_args: {},
  notdir: {},
  poll: {},
  preopen_populates: {},
  read_file: { stdout: "hello from input.txt\n" },
  read_file_twice: { stdout: "hello from input.txt\nhello from input.txt\n" },
  // It counts four entries. Here, `.` and `..` are two of them; node:wasi leaves those out.
  readdir: { files: { sandbox: { "input.txt": "", "input2.txt": "" }, tmp: {} } },
  sock: {},
  stat: {},
  stdin: { stdin: "hello world", stdout: "hello world" },
  symlink_escape: { files: links },
  symlink_loop: { files: links },
  write_file: {},
};
