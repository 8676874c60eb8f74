import { readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { x } from "tinyexec";
import { describe, expect, test } from "vitest";
import { root } from "../../../tools/root.ts";
import { copyExample } from "./copy.ts";
import { examples } from "./templates.ts";
import { contentOf, createWasiKit, folderWith } from "../test/command.ts";

const offline = ["--no-install", "--no-git"];

test("without a terminal nothing is asked, and defaults are taken", async () => {
  const cwd = folderWith();
  const { stdout, stderr, exitCode } = await createWasiKit(offline, cwd);
  expect({ stderr, exitCode }).toEqual({ stderr: "", exitCode: 0 });
  expect(stdout).toMatchInlineSnapshot(`
    "Created my-program: the package my-program, from the example assemblyscript/hello.

    Next:
      cd my-program
      npm install
      npm start   # build it, and show what it does
      npm test    # build it, and compare its runs with their snapshots
    "
  `);
  expect(Object.keys(contentOf(cwd) ?? {})).toMatchInlineSnapshot(`
    [
      "my-program/.editorconfig",
      "my-program/.github/workflows/test.yml",
      "my-program/.gitignore",
      "my-program/.vscode/extensions.json",
      "my-program/.vscode/launch.json",
      "my-program/.vscode/tasks.json",
      "my-program/README.md",
      "my-program/__snapshots__/default.txt",
      "my-program/__snapshots__/no-wasi.txt",
      "my-program/assembly/index.ts",
      "my-program/assembly/tsconfig.json",
      "my-program/my-program.test.ts",
      "my-program/package.json",
      "my-program/tsconfig.json",
      "my-program/vitest.config.ts",
      "my-program/wasi.json",
    ]
  `);
});

test("what is given is taken", async () => {
  const cwd = folderWith();
  const args = ["a/b", "--example", "rust/read-file", "--name", "@me/reader", "--package-manager=pnpm", ...offline];
  const { stdout, exitCode } = await createWasiKit(args, cwd);
  expect(exitCode).toBe(0);
  expect(stdout).toContain("Created a/b: the package @me/reader, from the example rust/read-file.");
  expect(stdout).toContain("  cd a/b\n  pnpm install\n  pnpm start");
  const files = contentOf(join(cwd, "a/b")) ?? {};
  expect(JSON.parse(files["package.json"] ?? "")).toMatchObject({ name: "@me/reader" });
  expect(files[".github/workflows/test.yml"]).toContain(
    "run: pnpm install --frozen-lockfile\n      - run: pnpm test\n",
  );
  expect(files[".github/workflows/test.yml"]).toContain("rustup target add wasm32-wasip1");
});

test.each([
  ["npm/10.8.2 node/v20.20.2 linux x64 workspaces/false", "npm test"],
  ["pnpm/12.21.0 npm/? node/v20.20.2 linux x64", "pnpm test"],
  ["yarn/4.9.1 npm/? node/v20.20.2 linux x64", "yarn test"],
  ["bun/1.2.0 npm/? node/v20.20.2 linux x64", "npm test"],
  [undefined, "npm test"],
])("started by %s, it says %s", async (npm_config_user_agent, line) => {
  const { stdout } = await createWasiKit(["app", ...offline], folderWith(), { npm_config_user_agent });
  expect(stdout).toContain(`\n  ${line} `);
});

test("a git repository is begun, unless the folder is in one", async () => {
  const cwd = folderWith();
  const first = await createWasiKit(["app", "--no-install"], cwd);
  expect(first.stdout).toContain("Began a git repository there.\n");
  const second = await createWasiKit(["app/inner", "--no-install"], cwd);
  expect(second.stdout).not.toContain("git");
  const { stdout } = await x("git", ["status", "--short"], { nodeOptions: { cwd: join(cwd, "app") } });
  expect(stdout).toContain("?? package.json\n");
});

describe("refuses", () => {
  test.each<[args: string[], message: string]>([
    [
      ["app", "--example", "rust/raed-file"],
      "There is no example rust/raed-file. Nearest to it: rust/read-file, rust/write-file, rust/remove-file.\n" +
        "All of them: npm create wasi-kit@latest -- --help",
    ],
    [
      ["app", "--example", "read-file"],
      "There is no example read-file. Nearest to it: assemblyscript/read-file, c/read-file, go/read-file, " +
        "rust/read-file, wat/read-file, zig/read-file.\n" +
        "All of them: npm create wasi-kit@latest -- --help",
    ],
    [
      ["app", "--example", "constructor"],
      "There is no example constructor. Nearest to it: c/list-directory, c/exit-code, c/hello.\n" +
        "All of them: npm create wasi-kit@latest -- --help",
    ],
    [
      ["app", "--name", "My App!"],
      'npm refuses the name "My App!": name can only contain URL-friendly characters, and name can no longer contain capital letters, and name can no longer contain special characters ("~\'!()*").\nThis will do: my-app',
    ],
    [
      ["app", "--name", ""],
      'npm refuses the name "": name length must be greater than zero.\nThis will do: my-program',
    ],
    [
      ["app", "--name", "node_modules"],
      'npm refuses the name "node_modules": node_modules is not a valid package name.\nThis will do: my-node_modules',
    ],
    [["app", "--name", "fs"], 'npm refuses the name "fs": fs is a core module name.\nThis will do: my-fs'],
    [["app", "other"], "Name one folder at a time: app, or other."],
    [["app", "--package-manager", "bower"], "There is no package manager bower here. There are: npm, pnpm, yarn."],
    [
      ["app", "--exmaple", "rust/hello"],
      "There is no option --exmaple. Did you mean --example? There are: --example, --name, --package-manager, --no-install, --no-git, --force, --yes, --help, --version.",
    ],
    [
      ["app", "-x"],
      "There is no option -x. There are: --example, --name, --package-manager, --no-install, --no-git, --force, --yes, --help, --version.",
    ],
    [["app", "--yes=1"], "--yes takes no value."],
    [["app", "--name"], "--name needs a value: --name NAME"],
    [["file"], "file is no folder. Name another one."],
  ])("%j", async (args, message) => {
    const cwd = folderWith({ file: "" });
    const result = await createWasiKit([...args, ...offline], cwd);
    expect(result).toEqual({ exitCode: 2, stdout: "", stderr: `create-wasi-kit: ${message}\n` });
    expect(contentOf(cwd)).toEqual({ file: "" });
  });

  test("a folder that is not empty, and names what is in it", async () => {
    const before = Object.fromEntries(Array.from({ length: 12 }, (_, i) => [`${String(i).padStart(2, "0")}.txt`, ""]));
    const cwd = folderWith(before);
    await expect(createWasiKit([".", ...offline], cwd)).resolves.toEqual({
      exitCode: 2,
      stdout: "",
      stderr:
        "create-wasi-kit: this folder is not empty. In the way: 00.txt, 01.txt, 02.txt, 03.txt, 04.txt, 05.txt, 06.txt, 07.txt, 08.txt, 09.txt and 2 more.\n" +
        "Name another folder; or --force, which writes over files that the project has too, and leaves the rest.\n",
    });
    expect(contentOf(cwd)).toEqual(before);
    const forced = await createWasiKit([".", "--force", ...offline], cwd);
    expect(forced.exitCode).toBe(0);
    expect(forced.stdout).not.toContain("cd ");
    expect(contentOf(cwd)).toMatchObject(before);
  });
});

test("where nothing can be fetched, that is said, and the files stay", async () => {
  const cwd = folderWith();
  const registry = "http://127.0.0.1:9/";
  const npm = { npm_config_registry: registry, npm_config_fetch_retries: "0", npm_config_audit: "false" };
  const { stderr, exitCode } = await createWasiKit(["app", "--example", "wat/hello"], cwd, npm);
  expect(exitCode).toBe(1);
  expect(stderr).toContain(
    "create-wasi-kit: npm install failed, and says why above.\n" +
      "The project is complete but for that. When it is mended (is there a network?), type in app: npm install\n",
  );
  expect(Object.keys(contentOf(join(cwd, "app")) ?? {})).toContain("app.wat");
});

test("where the package manager is missing, that is said, and the files stay", async () => {
  const cwd = folderWith();
  const args = ["app", "--package-manager", "yarn", "--no-git"];
  const { stderr, exitCode } = await createWasiKit(args, cwd, { PATH: join(cwd, "nothing") });
  expect({ stderr, exitCode }).toEqual({
    exitCode: 1,
    stderr:
      "create-wasi-kit: There is no yarn on this machine.\n" +
      "The project is complete but for that. When it is mended (is there a network?), type in app: yarn install\n",
  });
  expect(Object.keys(contentOf(join(cwd, "app")) ?? {})).toContain("assembly/index.ts");
});

test("--version is that of the package", async () => {
  const { version } = JSON.parse(readFileSync(fileURLToPath(new URL("../package.json", import.meta.url)), "utf8")) as {
    version: string;
  };
  await expect(createWasiKit(["--version"], root)).resolves.toEqual({
    exitCode: 0,
    stdout: `${version}\n`,
    stderr: "",
  });
});

test("--help", async () => {
  const { stdout, exitCode } = await createWasiKit(["-h"], root);
  expect(exitCode).toBe(0);
  await expect(stdout).toMatchFileSnapshot("__snapshots__/help.txt");
});

// What is installed lies in the workspace; otherwise they are projects of their own, outside. Not installed from a
// registry: the release check does that.
// The texts of a WAT program have addresses, which a long name must not reach into; elsewhere a compiler sees to that.
test("examples pass their tests by another name, by the longest that npm takes", { timeout: 300_000 }, async () => {
  const folder = folderWith({ "vitest.config.js": "export default { test: { include: ['*/*.test.ts'] } };\n" });
  const chosen = Object.keys(examples()).filter((name) => /^wat|^rust.exit-code|^assemblyscript.write-file/.test(name));
  for (const example of chosen) {
    const dir = join(folder, example.replace("/", "-"));
    copyExample({ example, dir, name: "n".repeat(214) });
    symlinkSync(join(root, "examples", example, "node_modules"), join(dir, "node_modules"));
  }
  const vitest = join(root, "node_modules/vitest/vitest.mjs");
  const { stdout, exitCode } = await x("node", [vitest, "run"], {
    nodeOptions: { cwd: folder, env: { CI: "1", NO_COLOR: "1" } },
  });
  expect({ stdout, exitCode }).toMatchObject({
    exitCode: 0,
    stdout: expect.stringMatching(/Test Files +12 passed \(12\)/),
  });
});

test("a project builds, runs and passes its tests", async () => {
  const cwd = folderWith();
  await createWasiKit(["app", "--example", "rust/args-env", ...offline], cwd);
  const dir = join(cwd, "app");
  symlinkSync(join(root, "examples/rust/args-env/node_modules"), join(dir, "node_modules"));
  for (const [script, said] of [
    ["test", /Tests .* passed/],
    ["start", /all as expected/],
  ] as const) {
    const { stdout, stderr, exitCode } = await x("npm", [script], { nodeOptions: { cwd: dir } });
    expect({ stdout, stderr, exitCode }).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(said) });
  }
});
