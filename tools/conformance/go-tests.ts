import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { languages } from "@wasi-kit/compiler";
import type { MemoryTree } from "@wasi-kit/runner";
import { x } from "tinyexec";
import { root } from "../root.ts";
import type { Part, Printed, SuiteTest } from "./suite-test.ts";
import type { Suite } from "./suite.ts";
import { readTree } from "./tree.ts";

/** Packages of Go's standard library; and whether their tests use files. */
const packages: Readonly<Record<string, boolean>> = {
  strings: false,
  "encoding/json": false,
  "io/fs": true,
  "path/filepath": true,
  os: true,
};

const devices = "it opens /dev/null, and no run of wasi-kit opens a device";

/**
 * The tests of the standard library of the Go that is here: `go test -c` compiles them, and they are run as `go test`
 * runs them. Undefined without Go.
 */
export async function goTests(): Promise<Suite | undefined> {
  const [tool] = await languages.go.tools(root);
  if (!tool?.found) return undefined;
  const go = async (...args: string[]): Promise<string> => {
    const env = { GOOS: "wasip1", GOARCH: "wasm", GOTOOLCHAIN: "local", GOPROXY: "off" };
    const { stdout } = await x(tool.path, args, { throwOnError: true, nodeOptions: { env, cwd: root } });
    return stdout.trim();
  };
  return {
    name: "Go's standard library",
    source: `The tests of five packages of Go ${tool.version}, and their subtests. Those that skip themselves are not counted.`,
    folder: await go("env", "GOROOT"),
    fileSystems: ["host", "memory", "copy-on-write"],
    // Measured where it was Go 1.26.8.
    measured: { "wasmtime 49": 2194, "wazero 1.12": 2193 },
    refused: { "os/TestDevNullFile": devices, "os/TestOpenFileDevNull": devices },
    async read(goRoot) {
      const folder = join(root, "build/conformance/go");
      mkdirSync(folder, { recursive: true });
      const tests: SuiteTest[] = [];
      for (const [group, usesFiles] of Object.entries(packages)) {
        const module = join(folder, `${group.replaceAll("/", "-")}.wasm`);
        await go("test", "-c", "-o", module, group);
        tests.push({ ...common, group, module, env: environment(group), files: filesFor(goRoot, group), usesFiles });
      }
      return tests;
    },
  };
}

const common = {
  name: "all",
  args: ["-test.v"],
  directories: { "/": "root" },
  exitCode: 0,
  parts: readGoTests,
};

/** Go's folder is `/go` for a test, so that it finds nothing of this machine. */
const environment = (name: string): Record<string, string> => ({ GOROOT: "/go", PWD: `/go/src/${name}`, HOME: "/tmp" });

/** What the tests of a package read of Go's folder, and the directories that they expect. */
function filesFor(goRoot: string, name: string): MemoryTree {
  const read = (path: string): Uint8Array => new Uint8Array(readFileSync(join(goRoot, path)));
  const sources = name
    .split("/")
    .reduceRight<MemoryTree>((inner, part) => ({ [part]: inner }), readTree(join(goRoot, "src", name)));
  const settings = Object.fromEntries(["go.env", "LICENSE", "CONTRIBUTING.md"].map((path) => [path, read(path)]));
  return {
    root: { go: { ...settings, src: { ...sources, unicode: { utf16: {}, utf8: {} } } }, usr: { bin: {} }, tmp: {} },
  };
}

const ended = /^ *--- (PASS|FAIL|SKIP): (\S+)/;

/** What `-test.v` prints: a line with what each test did, after what it had to say. */
export function readGoTests({ stdout }: Pick<Printed, "stdout">): Part[] {
  let said = "";
  const parts: Part[] = [];
  for (const line of stdout.split("\n")) {
    const [, what, name = ""] = ended.exec(line) ?? [];
    if (what === "PASS") parts.push({ name });
    if (what === "FAIL") parts.push({ name, failure: said || "it did not say why" });
    if (what !== undefined) said = "";
    else if (/^ +\S+\.go:\d+: /.test(line)) said = line.trim();
  }
  return parts;
}
