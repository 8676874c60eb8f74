import { rmSync, writeFileSync } from "node:fs";
import { mkdir, rename } from "node:fs/promises";
import { join } from "node:path";
import type { Run } from "@wasi-kit/manifest";
import { expect, test } from "vitest";
import { comparableRuns, compareVersions, findScenarios } from "./parity.ts";
import type { Version } from "./parity.ts";
import { recordRun } from "./record-run.ts";
import { parseSnapshot, snapshotFolder, snapshotPath } from "./snapshot.ts";
import { folderWith, manifestWith } from "../test/helpers/example.ts";
import type { Files } from "../test/helpers/example.ts";
import { guestThat } from "../test/helpers/guest.ts";
import type { Step } from "../test/helpers/guest.ts";

/** What a version is like, where it is not like {@link usual}. */
interface Written {
  does?: readonly Step[];
  run?: Run;
  runs?: Readonly<Record<string, Run>>;
  files?: Files;
}

const usual: Required<Omit<Written, "runs">> = {
  does: [
    ["print", "wrote\n"],
    ["write", "new.txt", "new\n"],
  ],
  run: { args: ["a"], preopens: { "/data": "fixtures" } },
  files: { "fixtures/file.txt": "text\n" },
};

/** A directory with a scenario, `x`, in languages; what its runs did was recorded. */
async function scenario(versions: Readonly<Record<string, Written>>): Promise<string> {
  const directory = await folderWith({});
  for (const [language, written] of Object.entries(versions)) {
    const { does, run, files } = { ...usual, ...written };
    const folder = await folderWith({
      ...files,
      "guest.wasm": await guestThat(...does),
      "wasi.json": manifestWith(written.runs ?? { default: run }),
    });
    await mkdir(join(directory, language));
    await rename(folder, join(directory, language, "x"));
  }
  for (const { example } of await versionsIn(directory)) {
    await mkdir(snapshotFolder(example.dir));
    for (const name of Object.keys(example.manifest.runs)) {
      const { text } = await recordRun(example, name, {});
      writeFileSync(snapshotPath(example.dir, name), text);
    }
  }
  return directory;
}

const versionsIn = async (directory: string): Promise<Version[]> => (await findScenarios(directory)).get("x") ?? [];

/** What is wrong with the scenario in a directory. */
async function compared(directory: string): Promise<string[]> {
  const problems = await compareVersions(await versionsIn(directory), "default");
  return problems.map((problem) => problem.replaceAll(directory, "<directory>"));
}

const differing = (differs: Run["differs"], more: Run = {}): Run => ({ ...usual.run, ...more, differs });
const change = (part: string): string =>
  `Make it the same, or say in a wasi.json why it can't be: runs.default.differs.${part}.`;
const headed = (part: string, ...lines: string[]): string =>
  [`${part} of the run default is not the same:`, ...lines, change(part)].join("\n");
const [rust, wat] = ["--- rust/x", "+++ wat/x"];
const sha256 = {
  text: "b9e68e1bea3e5b19ca6b2f98b73a54b73daafaa250484902e09982e07a12e733",
  none: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
};

test.each<[what: string, versions: Record<string, Written>]>([
  ["is the same", { rust: {}, wat: {}, assemblyscript: {} }],
  ["does not start alike", { rust: { run: { wasi: false } }, wat: { run: { wasi: false } } }],
  [
    "differs, and says so",
    { rust: { does: [["print", "other\n"]], run: differing({ stdout: "why", changes: "why" }) }, wat: {} },
  ],
  [
    "differs in two ways",
    {
      assemblyscript: { does: [["print", "one"]], run: differing({ stdout: "why", changes: "why" }) },
      rust: { does: [["print", "two"]], run: differing({ stdout: "why", changes: "why" }) },
      wat: {},
    },
  ],
  [
    "differs elsewhere in each",
    {
      rust: {
        does: [
          ["print", "other\n"],
          ["write", "new.txt", "new\n"],
        ],
        run: differing({ stdout: "why" }),
      },
      wat: { does: [["print", "wrote\n"]], run: differing({ changes: "why" }) },
    },
  ],
  [
    "differs in what it is granted and finds",
    {
      rust: {
        run: differing({ grants: "why", fixtures: "why" }, { args: ["b"] }),
        files: { "fixtures/other.txt": "" },
      },
      wat: {},
    },
  ],
  [
    "differs in how it ends",
    {
      rust: { does: [...usual.does, ["trap"]], run: differing({ outcome: "why", exitCode: "why" }) },
      wat: {},
    },
  ],
])("nothing is wrong where a scenario %s", async (_, versions) => {
  expect(await compared(await scenario(versions))).toEqual([]);
});

test.each<[what: string, versions: Record<string, Written>, problems: string[]]>([
  [
    "another stdout",
    {
      rust: {
        does: [
          ["print", "written\n"],
          ["write", "new.txt", "new\n"],
        ],
      },
      wat: {},
    },
    [headed("stdout", rust, wat, "@@ -1,1 +1,1 @@", "-written", "+wrote")],
  ],
  [
    "one language of three",
    { assemblyscript: {}, rust: { does: [["write", "new.txt", "new\n"]] }, wat: {} },
    [headed("stdout", "--- assemblyscript/x, wat/x", "+++ rust/x", "@@ -1,1 +0,0 @@", "-wrote")],
  ],
  [
    "three languages of three",
    Object.fromEntries(["a", "b", "c"].map((it) => [it, { does: [["print", `${it}\n`]] }])),
    [
      headed("stdout", "--- a/x", "+++ b/x", "@@ -1,1 +1,1 @@", "-a", "+b"),
      headed("stdout", "--- a/x", "+++ c/x", "@@ -1,1 +1,1 @@", "-a", "+c"),
    ],
  ],
  [
    "another exit code",
    { rust: { does: [...usual.does, ["remove", "none"]] }, wat: {} },
    [headed("exitCode", rust, wat, "@@ -1,1 +1,1 @@", "-44", "+0")],
  ],
  [
    "another outcome",
    { rust: { does: [...usual.does, ["trap"]] }, wat: {} },
    [
      headed("outcome", rust, wat, "@@ -1,1 +1,1 @@", "-trapped: unreachable", "+exited"),
      headed("exitCode", rust, wat, "@@ -1,1 +1,1 @@", "-134", "+0"),
    ],
  ],
  [
    "another change",
    {
      rust: {
        does: [
          ["print", "wrote\n"],
          ["write", "new.txt", "old\n"],
        ],
      },
      wat: {},
    },
    [
      headed(
        "changes",
        rust,
        wat,
        "@@ -1,3 +1,3 @@",
        " /data",
        " | added   new.txt: 4 bytes",
        "-|     +old",
        "+|     +new",
      ),
    ],
  ],
  [
    "no change",
    { rust: { does: [["print", "wrote\n"]] }, wat: {} },
    [
      headed(
        "changes",
        rust,
        wat,
        "@@ -1,1 +1,3 @@",
        "-/data (nothing changed)",
        "+/data",
        "+| added   new.txt: 4 bytes",
        "+|     +new",
      ),
    ],
  ],
  [
    "another argument, and another limit",
    { rust: { run: { ...usual.run, args: ["b"] } }, wat: {} },
    [
      headed(
        "grants",
        rust,
        wat,
        "@@ -1,4 +1,4 @@",
        " preopens /data = fixtures",
        "-args b",
        "+args a",
        " env none",
        " stdin none",
      ),
    ],
  ],
  [
    "another fixture",
    { rust: { files: { "fixtures/file.txt": "" } }, wat: {} },
    [
      headed(
        "fixtures",
        rust,
        wat,
        "@@ -1,1 +1,1 @@",
        `-/data/file.txt: 0 bytes, sha256 ${sha256.none}`,
        `+/data/file.txt: 5 bytes, sha256 ${sha256.text}`,
      ),
    ],
  ],
  [
    "a fixture less, a directory and a link more",
    { rust: { files: { "fixtures/a/": "", "fixtures/b": { to: "a" } } }, wat: {} },
    [
      headed(
        "fixtures",
        rust,
        wat,
        "@@ -1,2 +1,1 @@",
        "-/data/a (directory)",
        "-/data/b -> a",
        `+/data/file.txt: 5 bytes, sha256 ${sha256.text}`,
      ),
    ],
  ],
  [
    "another stdin",
    {
      rust: { run: { ...usual.run, stdin: { file: "in.txt" } }, files: { ...usual.files, "in.txt": "" } },
      wat: { run: { ...usual.run, stdin: { file: "in.txt" } }, files: { ...usual.files, "in.txt": "text\n" } },
    },
    [
      headed(
        "fixtures",
        rust,
        wat,
        "@@ -1,2 +1,2 @@",
        ` /data/file.txt: 5 bytes, sha256 ${sha256.text}`,
        `-stdin: 0 bytes, sha256 ${sha256.none}`,
        `+stdin: 5 bytes, sha256 ${sha256.text}`,
      ),
    ],
  ],
  [
    "no preopen that is there",
    { rust: { files: {} }, wat: { files: {} }, assemblyscript: { files: { fixtures: "a file" } } },
    [
      headed(
        "outcome",
        "--- assemblyscript/x",
        "+++ rust/x, wat/x",
        "@@ -1,3 +1,3 @@",
        " not started (E_PREOPEN)",
        "-The preopen /data is declared as fixtures, which is not a directory.",
        "-Name the directory that holds it.",
        "+The preopen /data is declared as fixtures, and there is no such directory.",
        "+Create it (mkdir -p fixtures) or declare one that is there.",
      ),
    ],
  ],
  [
    "a run less",
    { rust: { runs: { default: usual.run, more: {} } }, wat: { runs: { more: {} } }, assemblyscript: {} },
    ["wat/x has no run default, which is there in assemblyscript/x, rust/x. Add it to its wasi.json."],
  ],
  [
    "a difference that is said not to be",
    { rust: { run: differing({ stdout: "why", stderr: "why" }) }, wat: {}, assemblyscript: {} },
    ["stdout", "stderr"].map(
      (part) =>
        `rust/x/wasi.json: runs.default.differs.${part} is not needed: it is the same as in assemblyscript/x, wat/x. Remove it.`,
    ),
  ],
  [
    "a difference everywhere",
    { rust: { run: differing({ stdout: "why" }) }, wat: { run: differing({ stdout: "why" }) } },
    [
      "rust/x/wasi.json: runs.default.differs.stdout stands in rust/x, wat/x alike, and then nothing is compared. Remove it from the one that the others differ from.",
    ],
  ],
  [
    "a difference from nothing",
    { rust: { run: differing({ stdout: "why" }) } },
    ["rust/x/wasi.json: runs.default.differs.stdout has nothing to differ from. Remove it."],
  ],
  [
    "little in common",
    { rust: { does: [["print", "a\n".repeat(101)]] }, wat: { does: [["print", "b\n".repeat(100)]] } },
    [headed("stdout", "rust/x and wat/x have little in common.")],
  ],
])("what is wrong is told: %s", async (_, versions, problems) => {
  expect(await compared(await scenario(versions))).toEqual(problems);
});

test.each<[what: string, write: (path: string) => void, problem: string]>([
  [
    "is missing",
    (path) => rmSync(path),
    "There is no <directory>/rust/x/__snapshots__/default.txt: `npx vitest run -u` writes it.",
  ],
  [
    "is empty",
    (path) => writeFileSync(path, ""),
    "<directory>/rust/x/__snapshots__/default.txt is not the snapshot of a run: `npx vitest run -u` writes it again.",
  ],
])("a snapshot that %s does not pass for one that is the same", async (_, write, problem) => {
  const directory = await scenario({ rust: {}, wat: {} });
  write(snapshotPath(join(directory, "rust/x"), "default"));
  expect(await compared(directory)).toEqual([problem]);
});

test("a snapshot is read as it was written, whatever the guest printed", async () => {
  const printed = "\n\nstderr\n| x\n\n/data (nothing changed)\n\noutcome    exited\n";
  const directory = await scenario({
    wat: {
      does: [
        ["print", printed],
        ["write", "new.txt", "\n\n"],
        ["remove", "none"],
      ],
    },
  });
  const [{ example }] = (await versionsIn(directory)) as [Version];
  const { text } = await recordRun(example, "default", {});
  expect(parseSnapshot(text)).toEqual({
    outcome: ["exited"],
    exitCode: ["44"],
    stdout: printed.slice(0, -1).split("\n"),
    stderr: [],
    changes: ["/data", "| added   new.txt: 2 bytes", "|     +", "|     +"],
  });
});

test("a snapshot with a part less is none", async () => {
  const directory = await scenario({ wat: {} });
  const [{ example }] = (await versionsIn(directory)) as [Version];
  const { text } = await recordRun(example, "default", {});
  const without = [/^outcome.*\n/m, /^exit code.*\n/m, /^stdout\n.*\n\n/m, /^stderr.*\n\n/m];
  expect(without.map((part) => text.replace(part, "")).filter((it) => it === text)).toEqual([]);
  expect(without.map((part) => parseSnapshot(text.replace(part, "")))).toEqual(without.map(() => undefined));
});

test("examples are one scenario where their folders have the same name, whatever is above them", async () => {
  const files = Object.fromEntries(
    ["wat/a", "rust/a", "more/deep/a", "rust/b"].map((folder) => [
      `${folder}/wasi.json`,
      manifestWith({ default: {} }),
    ]),
  );
  const scenarios = await findScenarios(await folderWith(files));
  expect([...scenarios].map(([name, versions]) => [name, ...versions.map(({ label }) => label)])).toEqual([
    ["a", "more/deep/a", "rust/a", "wat/a"],
    ["b", "rust/b"],
  ]);
});

test("all runs of two versions are compared, and of one alone those that say they differ", async () => {
  const runs = { first: {}, second: { differs: { stdout: "why" } } };
  const scenarios = await findScenarios(
    await folderWith({
      "wat/two/wasi.json": manifestWith({ first: {}, third: {} }),
      "rust/two/wasi.json": manifestWith(runs),
      "rust/one/wasi.json": manifestWith(runs),
      "rust/none/wasi.json": manifestWith({ first: {} }),
    }),
  );
  const comparable = [...scenarios].map(([name, versions]) => [name, ...comparableRuns(versions)]);
  expect(Object.fromEntries(comparable.map(([name, ...names]) => [name, names]))).toEqual({
    two: ["first", "second", "third"],
    one: ["second"],
    none: [],
  });
});
