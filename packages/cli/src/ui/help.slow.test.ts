import { expect, test } from "vitest";
import { commands } from "../commands/index.ts";
import { wasiKit } from "../../test/helpers/command.ts";

const names = Object.keys(commands);

// A terminal has 24 lines, and the last one is the prompt's.
const screen = { lines: 23, columns: 80 };

async function helpOf(args: readonly string[]): Promise<string[]> {
  const { exitCode, stdout, stderr } = await wasiKit(args);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
  const lines = stdout.trimEnd().split("\n");
  expect(lines.filter((line) => line.length > screen.columns)).toEqual([]);
  return lines;
}

// `pnpm test -u` writes the texts again.
test.each<[file: string, args: string[]]>([
  ["wasi-kit", ["--help"]],
  ...names.map((name): [string, string[]] => [name, [name, "--help"]]),
])("the help of %s fits on a screen", async (file, args) => {
  const lines = await helpOf(args);
  expect(lines.length).toBeLessThanOrEqual(screen.lines);
  await expect(`${lines.join("\n")}\n`).toMatchFileSnapshot(`./__snapshots__/help-${file}.txt`);
});

const lacks = (lines: readonly string[], all: readonly string[]): string[] =>
  all.filter((it) => !lines.some((line) => line.startsWith(`  ${it}`)));

test.each(names)("%s --help=all has all that there is, and --help says so if it does not", async (name) => {
  const { command } = await commands[name]!.load();
  const [whole, short] = await Promise.all([helpOf([name, "--help=all"]), helpOf([name, "--help"])]);
  const own = [...Object.keys(command.options).map((it) => `--${it}`), ...(command.exitCodes ?? []).map(([it]) => it)];
  expect(lacks(whole, [...own, "--color", "--help[=all]"])).toEqual([]);
  expect(short.some((line) => line.startsWith("  --help=all"))).toBe(lacks(short, own).length > 0);
});

test("--help with another value than all is refused", async () => {
  await expect(wasiKit(["list", "--help=some"])).resolves.toMatchObject({
    exitCode: 2,
    stderr: "wasi-kit: --help=some: expected --help or --help=all\n",
  });
});

test.each<[args: string[], same: string[], exitCode: number]>([
  [["-h"], ["--help"], 0],
  [["help"], ["--help"], 0],
  [[], ["--help"], 2],
  [["help", "run"], ["run", "--help"], 0],
  [["run", "-h"], ["run", "--help"], 0],
  [["run", "--env", "A=1", "--help"], ["run", "--help"], 0],
])("%j says what %j does, and exits with %i", async (args, same, exitCode) => {
  const [asked, help] = await Promise.all([wasiKit(args), wasiKit(same)]);
  expect(asked).toEqual({ ...help, exitCode });
});
