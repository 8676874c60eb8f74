import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { modulesIn } from "./suite.ts";
import type { SuiteTest } from "./suite-test.ts";
import type { Suite } from "./suite.ts";
import { readTree } from "./tree.ts";

interface Specification {
  args?: string[];
  env?: Record<string, string>;
  root?: string | null;
  dirs?: string[];
  exit_code?: number;
  stdout?: string;
  stderr?: string;
}

/**
 * The preview1 tests of WebAssembly/wasi-testsuite, from its branch
 * prod/testsuite-base, which has prebuilt modules. A test's specification is
 * the `.json` beside it; every key has a default.
 *
 * @see https://github.com/WebAssembly/wasi-testsuite/blob/main/doc/specification.md
 */
export const wasiTestsuite: Suite = {
  name: "wasi-testsuite (preview1)",
  source: "From WebAssembly/wasi-testsuite, branch prod/testsuite-base, commit 9f80ca35444c.",
  folder: "testsuite",
  fileSystems: ["host", "memory", "copy-on-write", "in Chromium"],
  read: (checkout) =>
    readdirSync(join(checkout, "tests")).flatMap((language) =>
      modulesIn(join(checkout, "tests", language, "testsuite/wasm32-wasip1")).map((it) => readTest(it, language)),
    ),
  // From the suite's own daily results.
  published: { wasmedge: 72, wasmtime: 71, wamr: 70, wazero: 58 },
};

function readTest(module: string, group: string): SuiteTest {
  const path = module.replace(/\.wasm$/, ".json");
  const wanted = (existsSync(path) ? JSON.parse(readFileSync(path, "utf8")) : {}) as Specification;
  const directories = Object.fromEntries((wanted.dirs ?? []).map((it) => [it, it]));
  if (wanted.root) directories["/"] = wanted.root;
  return {
    group,
    name: basename(module, ".wasm"),
    module,
    args: wanted.args ?? [],
    env: wanted.env ?? {},
    files: Object.fromEntries(Object.values(directories).map((it) => [it, readTree(join(dirname(module), it))])),
    directories,
    exitCode: wanted.exit_code ?? 0,
    ...(wanted.stdout !== undefined && { stdout: wanted.stdout }),
    ...(wanted.stderr !== undefined && { stderr: wanted.stderr }),
  };
}
