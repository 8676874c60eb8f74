import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { root } from "../root.ts";

const folder = join(root, "docs/tutorial");
const chapters = readdirSync(folder).filter((name) => name !== "README.md");
const read = (name: string): string => readFileSync(join(folder, name), "utf8");
const linksOf = (text: string): string[] => [...text.matchAll(/\]\((\d+-[^)]+)\)/g)].map(([, link]) => link as string);

test("the index lists the chapters in order", () => {
  expect(linksOf(read("README.md"))).toEqual(chapters.toSorted());
});

describe.each(chapters.toSorted().map((name, i, all) => ({ name, before: all[i - 1], next: all[i + 1] })))(
  "$name",
  ({ name, before, next }) => {
    const text = read(name);

    test("leads to its neighbours, at its beginning and at its end", () => {
      const neighbours = [before, next].filter((it) => it !== undefined);
      const [, first = "", ...rest] = text.split("\n\n");
      expect(linksOf(first)).toEqual(neighbours);
      expect(linksOf(rest.at(-1) ?? "")).toEqual(neighbours);
    });

    test("includes its code and its outputs, and types only commands", () => {
      const typed = text.replaceAll(/<!-- (\w+) .*?-->[^]*?<!-- \/\1 -->/g, "");
      const languages = [...typed.matchAll(/^```(\w+)\n/gm)].map(([, language]) => language);
      // In some chapters the tests type all that the reader does.
      expect(languages).toEqual(text.includes("<!-- type ") && !text.includes("## Try it") ? [] : ["sh"]);
    });
  },
);

/** The exit codes of what fails on purpose, by a part of the line. */
const failures: Readonly<Record<string, number>> = {
  "--run no-wasi": 126,
  "::/sandbox::ro": 1,
  "exit-code.wasm 42": 42,
  "--max-output": 134,
};

describe("what a reader is to try works", () => {
  const sandbox = mkdtempSync(join(tmpdir(), "wasi-kit-tutorial-"));
  afterAll(() => rmSync(sandbox, { recursive: true }));

  const commands = chapters.toSorted().flatMap((name) => {
    const [, block = ""] = /## Try it\n\n```sh\n([^]*?)```/.exec(read(name)) ?? [];
    return block.split("\n").filter((line) => line !== "");
  });

  test("there are commands to try", () => expect(commands.length).toBeGreaterThanOrEqual(chapters.length));

  test.each(commands)("%s", (line) => {
    const command = line
      .replace("pnpm wasi-kit", "node packages/cli/bin/wasi-kit.cjs")
      .replaceAll("/tmp/sandbox", sandbox)
      .replace("; echo $?", "");
    const { status, stderr } = spawnSync(command, { shell: true, cwd: root, encoding: "utf8", stdio: "pipe" });
    const [, expected] = Object.entries(failures).find(([part]) => line.includes(part)) ?? [line, 0];
    expect({ status, stderr }).toMatchObject({ status: expected });
  });
});
