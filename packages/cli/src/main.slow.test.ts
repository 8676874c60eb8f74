import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { x } from "tinyexec";
import { expect, test } from "vitest";
import { wasiKit } from "../test/helpers/command.ts";
import { commonOptions } from "./command-line/common-options.ts";
import { runOptions } from "./commands/run/options.ts";

test.each(["--version", "-v"])("%s is that of the package", async (option) => {
  const { version } = JSON.parse(await readFile(new URL("../package.json", import.meta.url), "utf8"));
  await expect(wasiKit([option])).resolves.toEqual({ exitCode: 0, stdout: `${version}\n`, stderr: "" });
});

const all = Object.keys({ ...runOptions, ...commonOptions }).map((name) => `--${name}`);
const optionsOfRun = `There are: ${all.join(", ")}.\nThe options of the command: pnpm wasi-kit run --help=all`;

const commandsThereAre =
  "There are: build, dev, run, replay, test, check, list, inspect, types, audit, add, init, doctor, completion, version.";

test.concurrent.each<[args: string[], message: string]>([
  [["runn"], `There is no command runn. Did you mean run? ${commandsThereAre}`],
  [["docter"], `There is no command docter. Did you mean doctor? ${commandsThereAre}`],
  [["publish"], `There is no command publish. ${commandsThereAre}`],
  [["toString"], `There is no command toString. ${commandsThereAre}`],
  [["help", "publish"], `There is no command publish. ${commandsThereAre}`],
  [["run", "--dri", "a"], `There is no option --dri. Did you mean --dir? ${optionsOfRun}`],
  [["run", "--colour"], `There is no option --colour. Did you mean --color? ${optionsOfRun}`],
  [["run", "-x"], `There is no option -x. ${optionsOfRun}`],
  [["run", "--no-json"], `There is no option --no-json. Did you mean --json? ${optionsOfRun}`],
  [
    ["list", "--jsn"],
    "There is no option --jsn. Did you mean --json? There are: --json, --color, --help.\nThe options of the command: pnpm wasi-kit list --help=all",
  ],
  [["run", "--dir"], "--dir needs a value: --dir HOST::GUEST[::ro]"],
  [["run", ".", "--run"], "--run needs a value: --run NAME"],
  [["run", "--dir", "--", "x"], "--dir needs a value: --dir HOST::GUEST[::ro]"],
  [["run", "--env", "--argv0", "x"], "--env needs a value: --env NAME[=VALUE]"],
  [["run", "--all=yes"], "--all takes no value."],
])("%j is a usage error", async (args, message) => {
  await expect(wasiKit(args)).resolves.toEqual({ exitCode: 2, stdout: "", stderr: `wasi-kit: ${message}\n` });
});

test("the start loads one file, and none of the modules of Node.js that take long", async () => {
  const main = fileURLToPath(new URL("../dist/main.cjs", import.meta.url));
  const script = `const before = new Set(process.moduleLoadList); require(${JSON.stringify(main)});
const loaded = process.moduleLoadList.filter((it) => !before.has(it));
process.stdout.write([...loaded, ...Object.keys(require.cache)].join("\\n"));`;
  const { stdout } = await x(process.execPath, ["--eval", script]);
  // The pool needs node:os: it would be there if a command imported the whole runner by `import()`.
  expect(stdout).not.toMatch(/ (crypto|os|stream|child_process|worker_threads|internal\/modules\/esm\/loader)$/m);
  expect(stdout.match(/^.*\.cjs$/gm)).toEqual([main]);
});
