import { readdirSync, readFileSync } from "node:fs";
import { relative } from "node:path";
import { afterAll, expect, test } from "vitest";
import { errno } from "@wasi-kit/wasi/abi";
import type { ErrnoName } from "@wasi-kit/wasi/abi";
import { run } from "../../src/run.ts";
import { compile } from "../helpers/run-calls.ts";
import type { Preopens } from "../../src/preopens/preopen.ts";
import type { FixtureFiles } from "./fixture-tree.ts";
import { changes, createFixtureTree, standardTree } from "./fixture-tree.ts";

// The attacks call WASI directly; these are whole programs, run as anyone runs
// one, so that nothing between the two is left out.
const folder = new URL("commands/", import.meta.url);
const commands = Object.fromEntries(
  await Promise.all(
    readdirSync(folder).map(
      async (file) => [file, await compile(readFileSync(new URL(file, folder), "utf8"))] as const,
    ),
  ),
);

const fixture = createFixtureTree();
afterAll(() => fixture.remove());

/** A run: the command, its argument, what it ends with (its exit code is an errno) and what it prints. */
interface Run {
  name: string;
  command: string;
  arg?: string;
  tree?: FixtureFiles;
  /** Default: the tree's `root`. */
  preopens?: () => Preopens;
  ends: ErrnoName | readonly ErrnoName[];
  prints?: string;
}

const readOnly = (): Preopens => ({ "/root": { path: fixture.path("root"), access: "read-only" } });

const runs: readonly Run[] = [
  { name: "reads a file", command: "cat.wat", arg: "dir/../file", ends: "success", prints: "inside" },
  {
    name: "reads through a link inside",
    command: "cat.wat",
    arg: "way",
    tree: { "root/way": "-> dir/file" },
    ends: "success",
    prints: "inside dir",
  },
  { name: "reads a file, with memory that grows", command: "grow.wat", ends: "success", prints: "insideinside" },
  { name: "reads a file outside by ..", command: "cat.wat", arg: "../outside/secret", ends: "notcapable" },
  {
    name: "reads a file outside through a link to it",
    command: "cat.wat",
    arg: "way",
    tree: { "root/way": "-> ../outside/secret" },
    ends: "notcapable",
  },
  {
    name: "reads a file outside through a link to its directory",
    command: "cat.wat",
    arg: "way/secret",
    tree: { "root/way": "-> ../outside" },
    ends: "notcapable",
  },
  {
    name: "reads a file outside through an absolute link",
    command: "cat.wat",
    arg: "way/secret",
    tree: { "root/way": "-> {fixture}/outside" },
    ends: "notcapable",
  },
  { name: "reads a file outside through links that it made", command: "climb.wat", ends: "notcapable" },
  {
    name: "reads a file outside from a descriptor whose place a link took",
    command: "swap.wat",
    tree: { "root/way": "-> ../outside" },
    ends: "noent",
  },
  { name: "writes a file", command: "write.wat", arg: "new", ends: "success" },
  {
    name: "writes outside through a link to a file",
    command: "write.wat",
    arg: "way",
    tree: { "root/way": "-> ../outside/secret" },
    ends: "notcapable",
  },
  {
    name: "writes outside through a dangling link",
    command: "write.wat",
    arg: "way",
    tree: { "root/way": "-> ../outside/new" },
    ends: "notcapable",
  },
  {
    name: "writes outside through a link to a directory",
    command: "write.wat",
    arg: "way/new",
    tree: { "root/way": "-> ../outside" },
    ends: "notcapable",
  },
  {
    name: "removes a file outside",
    command: "remove.wat",
    arg: "way/secret",
    tree: { "root/way": "-> ../outside" },
    ends: "notcapable",
  },
  {
    name: "reads what is read-only",
    command: "cat.wat",
    arg: "dir/file",
    preopens: readOnly,
    ends: "success",
    prints: "inside dir",
  },
  {
    name: "writes what is read-only",
    command: "write.wat",
    arg: "file",
    preopens: readOnly,
    ends: ["rofs", "notcapable"],
  },
  {
    name: "creates in what is read-only",
    command: "write.wat",
    arg: "new",
    preopens: readOnly,
    ends: ["rofs", "notcapable"],
  },
  {
    name: "removes from what is read-only",
    command: "remove.wat",
    arg: "file",
    preopens: readOnly,
    ends: ["rofs", "notcapable"],
  },
  { name: "reads with no preopen at all", command: "cat.wat", arg: "file", preopens: () => ({}), ends: "badf" },
  {
    name: "reads through a relative host path, as .",
    command: "cat.wat",
    arg: "./dir/file",
    preopens: () => ({ ".": relative(process.cwd(), fixture.path("root")) }),
    ends: "success",
    prints: "inside dir",
  },
];

test.for(runs.map((it) => [it.name, it] as const))(
  "%s",
  async ([, { command, arg, tree, preopens, ends, prints = "" }]) => {
    fixture.reset({ ...standardTree, ...tree });
    const look = fixture.watchOutside(["root"]);
    const before = look();
    const { outcome, exitCode, stdout, stderr } = await run(commands[command]!, {
      args: arg === undefined ? [] : [arg],
      preopens: preopens ? preopens() : { "/root": fixture.path("root") },
    });
    expect({ outcome, stdout, stderr }).toEqual({ outcome: "exited", stdout: prints, stderr: "" });
    expect([ends].flat().map((name) => errno[name])).toContain(exitCode);
    expect(changes(before, look())).toEqual([]);
  },
);

test("reads what is granted with the whole file system", async () => {
  fixture.reset({ ...standardTree, "root/way": "-> ../outside/secret" });
  const root = fixture.path("root").slice(1);
  expect(await cat(`${root}/file`)).toMatchObject({ exitCode: 0, stdout: "inside" });
  // What was outside of a smaller grant is inside of this one.
  expect(await cat(`${root}/way`)).toMatchObject({ exitCode: 0, stdout: standardTree["outside/secret"] });
  expect(await cat(`../${root}/file`)).toMatchObject({ exitCode: errno.notcapable, stdout: "" });
});

function cat(path: string): ReturnType<typeof run> {
  return run(commands["cat.wat"]!, { args: [path], preopens: { "/": "/" } });
}
