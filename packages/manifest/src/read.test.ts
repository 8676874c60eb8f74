import { join } from "node:path";
import { expect, test } from "vitest";
import { ManifestError } from "./error.ts";
import { languageNames } from "./languages.ts";
import { parseManifest } from "./parse.ts";
import { readProgram } from "./read.ts";
import { folderWith } from "../test/helpers/folder.ts";

const valid = { description: "Says hello", module: "build/hello.wasm", runs: { default: {} } };
const withRun = (run: unknown) => ({ ...valid, runs: { default: run } });
const keysOfARun =
  "Allowed here: args, argv0, env, inheritEnv, preopens, stdin, exitCode, timeoutMs, maxMemoryBytes, maxMemories, maxTableElements, maxGcTypes, maxOutputBytes, maxInputBytes, maxCalls, maxWrittenBytes, maxFiles, maxDescriptors, maxDepth, clock, randomSeed, wasi, differs.";

const inside = "expected a relative path inside this folder, such as build/hello.wasm.";
const languages = `expected ${languageNames
  .map((name) => `"${name}"`)
  .join(", ")
  .replace(/, (?=[^,]*$)/, " or ")}.`;
const readOnly = '"read-only", "read-write" or "copy-on-write"';

test.each<[what: string, manifest: unknown, lines: string[]]>([
  ["a list", [], ["the file: found [], expected an object."]],
  ["null", null, ["the file: found null, expected an object."]],
  ["nothing in it", {}, ["description", "module", "runs"].map((key) => `${key}: missing, and it is required.`)],
  [
    "an unknown key near a known one",
    { ...valid, modul: "build/hello.wasm" },
    ['modul: unknown key. Did you mean "module"? Allowed here: $schema, description, build, module, runs.'],
  ],
  [
    "an unknown key near none",
    { ...valid, colour: "red" },
    ["colour: unknown key. Allowed here: $schema, description, build, module, runs."],
  ],
  [
    "an unknown key that every JavaScript object has",
    { ...valid, constructor: 1 },
    ["constructor: unknown key. Allowed here: $schema, description, build, module, runs."],
  ],
  [
    "a variable whose name has a meaning to JavaScript",
    { ...valid, runs: { default: { env: { constructor: "Eiffel" } } } },
    ["constructor: this name can't be used, for a variable, a directory or a run."],
  ],
  [
    "an unknown key in build",
    { ...valid, build: { language: "wat", sorce: "x.wat" } },
    ['build.sorce: unknown key. Did you mean "source"? Allowed here: language, source.'],
  ],
  [
    "an unknown key in a run",
    withRun({ arg: [] }),
    [`runs.default.arg: unknown key. Did you mean "args"? ${keysOfARun}`],
  ],
  [
    "an unknown key in a preopen, where another is missing",
    withRun({ preopens: { "/data": { pth: "data" } } }),
    [
      "runs.default.preopens./data.path: missing, and it is required.",
      'runs.default.preopens./data.pth: unknown key. Did you mean "path"? Allowed here: path, access, maxWrittenBytes, maxFiles.',
    ],
  ],
  [
    "an unknown key in stdin",
    withRun({ stdin: { file: "a", flie: "b" } }),
    ['runs.default.stdin.flie: unknown key. Did you mean "file"? Allowed here: file.'],
  ],
  [
    "an unknown key in clock",
    withRun({ clock: { start: "2020-07-01T00:00:00Z", step: 1 } }),
    ['runs.default.clock.step: unknown key. Did you mean "stepMs"? Allowed here: start, stepMs.'],
  ],
  ["no such language", { ...valid, build: { language: "rest" } }, [`build.language: found "rest", ${languages}`]],
  ["a language that is null", { ...valid, build: { language: null } }, [`build.language: found null, ${languages}`]],
  ["a build without a language", { ...valid, build: {} }, ["build.language: missing, and it is required."]],
  ["a build that is text", { ...valid, build: "rust" }, ['build: found "rust", expected an object.']],
  [
    "a command that is text",
    { ...valid, build: { command: "make", inputs: ["*.c"] } },
    ['build.command: found "make", expected a list.'],
  ],
  [
    "a command without a program",
    { ...valid, build: { command: [], inputs: ["*.c"] } },
    ["build.command.0: found nothing, expected text."],
  ],
  [
    "a command without inputs",
    { ...valid, build: { command: ["make"] } },
    ["build.inputs: missing, and it is required."],
  ],
  [
    "no inputs",
    { ...valid, build: { command: ["make"], inputs: [] } },
    ["build.inputs: found [], expected at least one path or pattern."],
  ],
  [
    "a command and a language",
    { ...valid, build: { command: ["make"], inputs: ["*.c"], language: "wat" } },
    ["build.language: unknown key. Allowed here: command, inputs."],
  ],
  ["an absolute module", { ...valid, module: "/lib/a.wasm" }, [`module: found "/lib/a.wasm", ${inside}`]],
  ["one on a Windows drive", { ...valid, module: "C:\\a.wasm" }, [`module: found "C:\\\\a.wasm", ${inside}`]],
  ["one at a Windows root", { ...valid, module: "\\a.wasm" }, [`module: found "\\\\a.wasm", ${inside}`]],
  ["a module outside", { ...valid, module: "../a.wasm" }, [`module: found "../a.wasm", ${inside}`]],
  ["one that comes back", { ...valid, module: "../x/a.wasm" }, [`module: found "../x/a.wasm", ${inside}`]],
  [
    "one that escapes late",
    { ...valid, module: "build/../../a.wasm" },
    [`module: found "build/../../a.wasm", ${inside}`],
  ],
  [
    "a module that is no .wasm",
    { ...valid, module: "a.wat" },
    ['module: found "a.wat", expected a path that ends in .wasm.'],
  ],
  ["a module that is a number", { ...valid, module: 7 }, ["module: found 7, expected text."]],
  ["an empty description", { ...valid, description: "" }, ['description: found "", expected a line on what this is.']],
  [
    "a long value, cut short",
    { ...valid, description: ["a".repeat(100)] },
    [`description: found ["${"a".repeat(55)}…, expected text.`],
  ],
  ["no runs", { ...valid, runs: {} }, ["runs: found {}, expected at least one run."]],
  ["runs in a list", { ...valid, runs: [{}] }, ["runs: found [{}], expected an object."]],
  ["a run that is a list", withRun([]), ["runs.default: found [], expected an object."]],
  [
    "a run's name with a capital",
    { ...valid, runs: { "My Run": {} } },
    ['runs.My Run: found the name "My Run", expected a name of small letters, digits and dashes.'],
  ],
  [
    "a run's name that leaves its folder",
    { ...valid, runs: { "../x": {} } },
    ['runs.../x: found the name "../x", expected a name of small letters, digits and dashes.'],
  ],
  ["args that are text", withRun({ args: "a b" }), ['runs.default.args: found "a b", expected a list.']],
  ["an argument that is a number", withRun({ args: ["a", 1] }), ["runs.default.args.1: found 1, expected text."]],
  [
    "a NUL in an argument",
    withRun({ args: ["a\0b"] }),
    ['runs.default.args.0: found "a\\u0000b", expected text without a NUL, which no guest can be given.'],
  ],
  [
    "a NUL in argv0",
    withRun({ argv0: "\0" }),
    ['runs.default.argv0: found "\\u0000", expected text without a NUL, which no guest can be given.'],
  ],
  ["env in a list", withRun({ env: ["A=1"] }), ['runs.default.env: found ["A=1"], expected an object.']],
  ["a variable that is a number", withRun({ env: { A: 1 } }), ["runs.default.env.A: found 1, expected text."]],
  [
    'a variable\'s name with "="',
    withRun({ env: { "A=B": "" } }),
    ['runs.default.env.A=B: found the name "A=B", expected a name without "=".'],
  ],
  [
    "a variable without a name",
    withRun({ env: { "": "" } }),
    ['runs.default.env.: found the name "", expected a name without "=".'],
  ],
  [
    "inheritEnv that is text",
    withRun({ inheritEnv: "HOME" }),
    ['runs.default.inheritEnv: found "HOME", expected a list.'],
  ],
  [
    "preopens in a list",
    withRun({ preopens: ["data"] }),
    ['runs.default.preopens: found ["data"], expected an object.'],
  ],
  [
    "a preopen that is a number",
    withRun({ preopens: { "/a": 3 } }),
    ["runs.default.preopens./a: found 3, expected text or an object."],
  ],
  [
    "a preopen without a guest path",
    withRun({ preopens: { "": "a" } }),
    ['runs.default.preopens.: found the name "", expected a guest path.'],
  ],
  [
    "an access that there is not",
    withRun({ preopens: { "/a": { path: "a", access: "ro" } } }),
    [`runs.default.preopens./a.access: found "ro", expected ${readOnly}.`],
  ],
  ["stdin that is a number", withRun({ stdin: 5 }), ["runs.default.stdin: found 5, expected text or an object."]],
  ["an exit code below 0", withRun({ exitCode: -1 }), ["runs.default.exitCode: found -1, expected 0 or above."]],
  ["half an exit code", withRun({ exitCode: 1.5 }), ["runs.default.exitCode: found 1.5, expected a whole number."]],
  [
    "an exit code of 33 bits",
    withRun({ exitCode: 2 ** 32 }),
    ["runs.default.exitCode: found 4294967296, expected at most 4294967295."],
  ],
  ["an exit code that is text", withRun({ exitCode: "1" }), ['runs.default.exitCode: found "1", expected a number.']],
  [
    "more time than can be measured",
    withRun({ timeoutMs: 0x1_0000_0000 }),
    ["runs.default.timeoutMs: found 4294967296, expected at most 4294967295."],
  ],
  ["no time at all", withRun({ timeoutMs: 0 }), ["runs.default.timeoutMs: found 0, expected a whole number above 0."]],
  ["wasi that is text", withRun({ wasi: "no" }), ['runs.default.wasi: found "no", expected true or false.']],
  [
    "a difference in a list",
    withRun({ differs: ["stdout"] }),
    ['runs.default.differs: found ["stdout"], expected an object.'],
  ],
  [
    "a difference in nothing",
    withRun({ differs: {} }),
    [
      "runs.default.differs: found {}, expected one of grants, fixtures, outcome, exitCode, stdout, stderr, changes, and why it differs.",
    ],
  ],
  [
    "a difference in something else",
    withRun({ differs: { stdot: "it is Rust" } }),
    [
      'runs.default.differs.stdot: unknown key. Did you mean "stdout"? Allowed here: grants, fixtures, outcome, exitCode, stdout, stderr, changes.',
    ],
  ],
  [
    "a difference without a reason",
    withRun({ differs: { stdout: "", stderr: true } }),
    [
      'runs.default.differs.stdout: found "", expected why it can\'t be the same.',
      "runs.default.differs.stderr: found true, expected text.",
    ],
  ],
  [
    "a clock that starts at no time",
    withRun({ clock: { start: "noon" } }),
    ['runs.default.clock.start: found "noon", expected an ISO 8601 time such as 2020-07-01T00:00:00Z.'],
  ],
])("a manifest is refused: %s", async (_, manifest, lines) => {
  const parsed = parseManifest(JSON.stringify(manifest), "x/wasi.json");
  await expect(parsed).rejects.toThrow(new ManifestError(lines.map((line) => `x/wasi.json: ${line}`).join("\n")));
  await expect(parsed).rejects.toMatchObject({ code: "E_MANIFEST", exitCode: 2 });
});

test.each<[text: string, place: string, what: string]>([
  ["", "1:1", "value expected"],
  ["{", "1:2", "close brace expected"],
  ['{\n  "module": "a.wasm",\n}\n', "3:1", "property name expected"],
  ["{ module: 1 }", "1:3", "invalid symbol"],
  ["{}\n// the end", "2:1", "invalid comment token"],
  ["// a comment\n{}", "1:1", "invalid comment token"],
  ['{\n  "wasi": fals,\n  "x": 1\n}', "2:11", "invalid symbol"],
  ['{\n  "args": [1, ]\n}', "2:15", "value expected"],
  ['{ "é": "日本" "x" }', "1:13", "comma expected"],
  ["{ \"name\": 'x' }", "1:11", "invalid symbol"],
  ["this is not JSON", "1:1", "invalid symbol"],
  ["\uFEFF[1", "1:3", "close bracket expected"],
])("text is refused with the place in it: %j", async (text, place, what) => {
  await expect(parseManifest(text, "x/wasi.json")).rejects.toThrow(
    new ManifestError(
      `x/wasi.json:${place}: not JSON: ${what}.\n` +
        "JSON has double quotes around every name, and no comments and no comma after the last entry.",
    ),
  );
});

test("everything that a manifest may say", async () => {
  const manifest = {
    $schema: "./wasi.schema.json",
    description: "Says hello",
    build: { language: "assemblyscript", source: "src/index.ts" },
    module: "./build/../build/hello.wasm",
    runs: {
      first: {
        args: ["", "é"],
        argv0: "",
        env: { größe: "10 µm" },
        inheritEnv: ["HOME"],
        preopens: { "/a": "..", "/b": { path: "/tmp", maxFiles: 1 }, ".": { path: ".", access: "read-only" } },
        stdin: { file: "../in.txt" },
        exitCode: 4294967295,
        timeoutMs: 1,
        maxMemoryBytes: 65536,
        maxWrittenBytes: 1,
        clock: { start: "2020-07-01T00:00:00Z", stepMs: 0 },
        randomSeed: -1,
        wasi: false,
        differs: { stderr: "a panic prints its place", stdout: "the article's words" },
      },
      "2nd": { stdin: "text" },
    },
  };
  await expect(parseManifest(`\uFEFF${JSON.stringify(manifest)}`, "wasi.json")).resolves.toEqual(manifest);
});

test("a folder is read, with its absolute path and its name", async () => {
  const folder = await folderWith({ "hello/wasi.json": JSON.stringify(valid) });
  await expect(readProgram(join(folder, "x/../hello"))).resolves.toEqual({
    dir: join(folder, "hello"),
    name: "hello",
    manifest: valid,
  });
});

test.each<[what: string, path: string, message: (folder: string) => string]>([
  [
    "no manifest",
    "empty",
    (folder) =>
      `There is no wasi.json in ${folder}.\nName a folder that has one (\`wasi-kit list\` shows those below the current folder), or have one written: wasi-kit init`,
  ],
  [
    "no folder",
    "none",
    (folder) =>
      `There is no wasi.json in ${folder}.\nName a folder that has one (\`wasi-kit list\` shows those below the current folder), or have one written: wasi-kit init`,
  ],
  [
    "a file",
    "empty/file",
    (folder) =>
      `There is no wasi.json in ${folder}.\nName a folder that has one (\`wasi-kit list\` shows those below the current folder), or have one written: wasi-kit init`,
  ],
  ["a manifest that is a folder", "odd", (folder) => `${folder}/wasi.json can't be read (EISDIR).`],
])("a folder is refused: %s", async (_, path, message) => {
  const folder = await folderWith({ "empty/file": "", "odd/wasi.json/file": "" });
  const dir = join(folder, path);
  await expect(readProgram(dir)).rejects.toThrow(new ManifestError(message(dir)));
});
