import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { folderWith } from "../../../manifest/test/helpers/folder.ts";

/** A Rust toolchain without its target for WASI: shell scripts that answer what is asked of the real one. */
export interface StandIn {
  /** Its folder: the current one of those who call it. */
  dir: string;
  /** What it needs in its environment: PATH, and a place of its own for locks. */
  env: { PATH: string; TMPDIR: string; STAND_IN: string };
  /** The installers that were run, a line each. */
  installed(): Promise<string[]>;
}

// With EARLY it says so, and answers when part of the library is there: a probe
// that began before an installer did.
const rustc = `if [ -n "$EARLY" ]; then
  : > "$STAND_IN/asked"
  while [ ! -e "$STAND_IN/lib/rustlib/wasm32-wasip1/lib/libstd-1a2b.rlib" ]; do /bin/sleep 0.05; done
fi
case "$*" in
  --version) echo "rustc 1.99.0 (stand-in)" ;;
  "--print sysroot") echo "$STAND_IN" ;;
  "--print target-list") echo wasm32-unknown-unknown; echo wasm32-wasip1 ;;
  *) exit 1 ;;
esac`;

const cargo = `[ "$*" = --version ] && echo "cargo 1.99.0 (stand-in)"`;

/** How \`rustup target add\` goes. */
export const rustups = {
  // As the real one, it has part of the library in place before all of it: for
  // as long as there is a file named hold.
  works: `libraries="$STAND_IN/lib/rustlib/$3/lib"
    /bin/mkdir -p "$libraries"
    : > "$libraries/libstd-1a2b.rlib"
    while [ -e "$STAND_IN/hold" ]; do /bin/sleep 0.05; done
    : > "$libraries/libpanic_abort-1a2b.rlib"`,
  fails: `echo "info: downloading component" >&2; echo "error: could not download file" >&2; exit 1`,
} as const;

const rustup = (install: string): string => `case "$*" in
  --version) echo "rustup 1.99.0 (stand-in)" ;;
  "target add "*) echo "rustup $*" >> "$STAND_IN/installed.log"
    ${install} ;;
  *) exit 1 ;;
esac`;

/** Sets up commands, and nothing else on PATH. */
export async function standIn({
  rustup: installs,
  aptGet,
}: { rustup?: keyof typeof rustups; aptGet?: string } = {}): Promise<StandIn> {
  const dir = await folderWith({ "installed.log": "" });
  const [bin, tmp] = [join(dir, "bin"), join(dir, "tmp")];
  await Promise.all([mkdir(bin), mkdir(tmp)]);
  const commands = {
    rustc,
    cargo,
    ...(installs && { rustup: rustup(rustups[installs]) }),
    ...(aptGet !== undefined && { "apt-get": `echo "apt-get $*" >> "$STAND_IN/installed.log"\n${aptGet}` }),
  };
  for (const [name, script] of Object.entries(commands)) {
    await writeFile(join(bin, name), `#!/bin/sh\n${script}\n`);
    await chmod(join(bin, name), 0o755);
  }
  return {
    dir,
    env: { PATH: bin, TMPDIR: tmp, STAND_IN: dir },
    installed: async () => (await readFile(join(dir, "installed.log"), "utf8")).split("\n").filter(Boolean),
  };
}
