import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { modulesIn } from "./suite.ts";
import type { Suite, SuiteTest } from "./suite.ts";

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
 * Reads the preview1 tests of a checkout of WebAssembly/wasi-testsuite with
 * prebuilt modules (its branch prod/testsuite-base). A test's specification is
 * the `.json` beside it; every key has a default.
 *
 * @see https://github.com/WebAssembly/wasi-testsuite/blob/main/doc/specification.md
 */
export function readWasiTestsuite(checkout: string): Suite {
  const languages = readdirSync(join(checkout, "tests"));
  return {
    name: "wasi-testsuite (preview1)",
    tests: languages.flatMap((language) =>
      modulesIn(join(checkout, "tests", language, "testsuite/wasm32-wasip1")).map((it) => readTest(it, language)),
    ),
    // From the suite's own daily results.
    published: { wasmedge: 72, wasmtime: 71, wamr: 70, wazero: 58 },
  };
}

function readTest(module: string, group: string): SuiteTest {
  const path = module.replace(/\.wasm$/, ".json");
  const wanted = (existsSync(path) ? JSON.parse(readFileSync(path, "utf8")) : {}) as Specification;
  const here = dirname(module);
  const directories = Object.fromEntries((wanted.dirs ?? []).map((it) => [it, join(here, it)]));
  if (wanted.root) directories["/"] = join(here, wanted.root);
  return {
    group,
    name: basename(module, ".wasm"),
    module,
    args: wanted.args ?? [],
    env: wanted.env ?? {},
    stdin: "",
    directories,
    exitCode: wanted.exit_code ?? 0,
    ...(wanted.stdout !== undefined && { stdout: wanted.stdout }),
    ...(wanted.stderr !== undefined && { stderr: wanted.stderr }),
  };
}
