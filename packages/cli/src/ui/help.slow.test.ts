import { expect, test } from "vitest";
import { commands } from "../commands/index.ts";
import { wasiKit } from "../../test/helpers/command.ts";

const names = Object.keys(commands);

// `pnpm test -u` writes the texts anew.
test.each<[file: string, args: string[]]>([
  ["wasi-kit", ["--help"]],
  ...names.map((name): [string, string[]] => [name, [name, "--help"]]),
])("the help of %s", async (file, args) => {
  const { exitCode, stdout, stderr } = await wasiKit(args);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
  const lines = stdout.trimEnd().split("\n");
  expect(lines.length, "lines: it has to fit on a screen").toBeLessThanOrEqual(40);
  expect(lines.filter((line) => line.length > 80)).toEqual([]);
  await expect(stdout).toMatchFileSnapshot(`./__snapshots__/help-${file}.txt`);
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
