import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { buildAll, BuildError } from "@wasi-kit/compiler";
import type { BuildTarget } from "@wasi-kit/compiler";
import { x } from "tinyexec";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { root } from "../root.ts";
import { assemblyscriptFailures } from "./failures/assemblyscript-failures.ts";
import { topics } from "./failures/failure.ts";
import { cFailures } from "./failures/c-failures.ts";
import type { Failure, Failures, Topic } from "./failures/failure.ts";
import { goFailures } from "./failures/go-failures.ts";
import { literal } from "./literal.ts";
import { rustFailures } from "./failures/rust-failures.ts";
import { watFailures } from "./failures/wat-failures.ts";
import { zigFailures } from "./failures/zig-failures.ts";

const wasiKit = join(root, "packages/cli/bin/wasi-kit.cjs");

/** Where a program's source is, by its name. */
const languages = {
  wat: { failures: watFailures, source: (name: string) => `${name}.wat` },
  rust: { failures: rustFailures, source: (name: string) => `src/bin/${name}.rs` },
  assemblyscript: { failures: assemblyscriptFailures, source: (name: string) => `${name}.ts` },
  // All sources of a folder are one program.
  c: { failures: cFailures, source: (name: string) => `${name}/main.c` },
  go: { failures: goFailures, source: (name: string) => `${name}/main.go` },
  zig: { failures: zigFailures, source: (name: string) => `${name}.zig` },
} as const satisfies Record<string, { failures: Failures; source: (name: string) => string }>;

type Language = keyof typeof languages;

/** What a language needs besides its sources. */
const projectFiles: Partial<Record<Language, readonly [name: string, text: string]>> = {
  rust: ["Cargo.toml", `[package]\nname = "failures"\nversion = "0.1.0"\nedition = "2024"\n\n[workspace]\n`],
  go: ["go.mod", "module example.com/failures\n\ngo 1.21\n"],
};

let folder: string;
const problems: unknown[] = [];
/** Languages whose compilers are not on this machine, and how to get those. */
const missing = new Map<string, string>();
const nameOf = (what: string): string => what.replaceAll(/\W+/g, "-");
const moduleOf = (language: Language, what: string): string => join(folder, language, `build/${nameOf(what)}.wasm`);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "wasi-kit-failures-"));
  const targets: BuildTarget[] = [];
  for (const language of Object.keys(languages) as Language[]) {
    const { failures, source } = languages[language];
    const dir = join(folder, language);
    await mkdir(dir, { recursive: true });
    const [projectFile, text] = projectFiles[language] ?? [];
    if (projectFile !== undefined) await writeFile(join(dir, projectFile), text ?? "");
    for (const [what, failure] of Object.entries<Failure>(failures)) {
      const path = join(dir, source(nameOf(what)));
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, failure.source);
      targets.push({
        dir,
        language,
        source: language === "rust" ? join(dir, "Cargo.toml") : path,
        module: moduleOf(language, what),
      });
    }
  }
  await buildAll(targets, (ended) => {
    if (!("error" in ended)) return;
    const { error, target } = ended;
    const isOfMachine = error instanceof BuildError && error.code === "E_TOOLCHAIN" && !process.env["CI"];
    if (isOfMachine && "language" in target) missing.set(target.language, error.message);
    else problems.push(error);
  });
}, 600_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

test("all are built, and they are more than a hundred", () => {
  expect(problems).toEqual([]);
  const all = Object.values(languages).flatMap(({ failures }) => Object.keys(failures));
  expect(all.length).toBeGreaterThan(100);
});

describe.each(Object.keys(languages) as Language[])("%s", (language) => {
  const { failures } = languages[language];
  test.for(Object.entries<Failure>(failures))(
    "%s: what is said is true, and nothing else is",
    async ([what, failure], { skip }) => {
      const lack = missing.get(language);
      if (lack !== undefined) skip(lack);
      const { options = [], args = [], files = [], exitCode, says, never = /(?!)/ } = failure;
      const cwd = await mkdtemp(join(folder, "run-"));
      for (const file of files) {
        await mkdir(join(cwd, file.endsWith("/") ? file : dirname(file)), { recursive: true });
        if (!file.endsWith("/")) await writeFile(join(cwd, file), "x");
      }
      // With a stdin that is open and gives nothing, as a terminal's.
      const running = x(process.execPath, [wasiKit, "run", ...options, moduleOf(language, what), "--", ...args], {
        nodeOptions: { cwd },
      });
      const { stderr, exitCode: ended } = await running;
      const said = ours(stderr);
      expect(ended, `exit code, after:\n${stderr}`).toBe(exitCode);
      expect(says.length === 0 ? said : "").toBe("");
      for (const part of says) expect(stderr).toMatch(part instanceof RegExp ? part : literal(part));
      expect(said).not.toMatch(never);
      const others = (Object.keys(topics) as Topic[]).filter((topic) => !failure.topics?.includes(topic));
      expect(others.filter((topic) => topics[topic].test(said))).toEqual([]);
    },
  );
});

/** What wasi-kit says, without what the guest does. */
function ours(stderr: string): string {
  const start = stderr.indexOf("wasi-kit: ");
  return start < 0 ? "" : stderr.slice(start).replaceAll(folder, "");
}
