import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { wasiKit } from "../test/helpers/command.ts";

test.each(["--version", "-v"])("%s is that of the package", async (option) => {
  const { version } = JSON.parse(await readFile(new URL("../package.json", import.meta.url), "utf8"));
  await expect(wasiKit([option])).resolves.toEqual({ exitCode: 0, stdout: `${version}\n`, stderr: "" });
});

const optionsOfRun =
  "There are: --run, --dir, --env, --argv0, --timeout, --max-memory, --max-output, --clock, --seed, --trace, --trace-filter, --no-explain, --no-build, --watch, --all, --json, --help.\nThe options of the command: wasi-kit run --help";

test.concurrent.each<[args: string[], message: string]>([
  [
    ["runn"],
    "There is no command runn. Did you mean run? There are: build, dev, run, list, inspect, audit, add, init, doctor.",
  ],
  [
    ["docter"],
    "There is no command docter. Did you mean doctor? There are: build, dev, run, list, inspect, audit, add, init, doctor.",
  ],
  [["publish"], "There is no command publish. There are: build, dev, run, list, inspect, audit, add, init, doctor."],
  [["toString"], "There is no command toString. There are: build, dev, run, list, inspect, audit, add, init, doctor."],
  [
    ["help", "publish"],
    "There is no command publish. There are: build, dev, run, list, inspect, audit, add, init, doctor.",
  ],
  [["run", "--dri", "a"], `There is no option --dri. Did you mean --dir? ${optionsOfRun}`],
  [["run", "--colour"], `There is no option --colour. Did you mean --clock? ${optionsOfRun}`],
  [["run", "-x"], `There is no option -x. ${optionsOfRun}`],
  [["run", "--no-json"], `There is no option --no-json. Did you mean --json? ${optionsOfRun}`],
  [
    ["list", "--jsn"],
    "There is no option --jsn. Did you mean --json? There are: --json, --help.\nThe options of the command: wasi-kit list --help",
  ],
  [["run", "--dir"], "--dir needs a value: --dir HOST::GUEST[::ro|::cow]"],
  [["run", "hello.wasm", "--run"], "--run needs a value: --run NAME"],
  [["run", "--dir", "--", "x"], "--dir needs a value: --dir HOST::GUEST[::ro|::cow]"],
  [["run", "--env", "--argv0", "x"], "--env needs a value: --env NAME[=VALUE]"],
  [["run", "--all=yes"], "--all takes no value."],
])("%j is a usage error", async (args, message) => {
  await expect(wasiKit(args)).resolves.toEqual({ exitCode: 2, stdout: "", stderr: `wasi-kit: ${message}\n` });
});
