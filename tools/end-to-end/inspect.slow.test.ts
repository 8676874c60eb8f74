import { x } from "tinyexec";
import { expect, test } from "vitest";
import { root } from "../root.ts";

// One example a language, so that what `wasi-kit inspect` says of it is there to be read.
test.each(["wat/hello", "rust/hello", "assemblyscript/args-env"])("what is said of %s", async (example) => {
  const args = ["packages/cli/bin/wasi-kit.cjs", "inspect", `examples/${example}`];
  const { stdout, stderr, exitCode } = await x(process.execPath, args, { nodeOptions: { cwd: root } });
  expect({ stderr, exitCode }).toEqual({ stderr: "", exitCode: 0 });
  // The lockfile says which compilers the others have.
  const report = example.startsWith("rust/") ? withoutCompiler(stdout) : stdout;
  await expect(report).toMatchFileSnapshot(`__snapshots__/inspect-${example.replace("/", "-")}.txt`);
});

/** A report without what differs from one version of a compiler to another. */
function withoutCompiler(report: string): string {
  return report
    .replace(/^(made with|features) .*\n( {12}.*\n)*/gm, "")
    .replace(/^(size|exports|contents|debugging|sections)( +).*(\n {12}.*)*/gm, "$1$2…")
    .replace(/\d+ pages \([^)]+\)/, "… pages");
}
