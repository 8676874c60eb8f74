import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";

/** Whether packages of Debian are installed by themselves: there, as root, unless WASI_KIT_NO_INSTALL=1 is set. */
export const mayInstall = (): boolean =>
  existsSync("/etc/debian_version") && process.getuid?.() === 0 && process.env["WASI_KIT_NO_INSTALL"] !== "1";

/** Installs packages of Debian. Whether they are there then, the caller sees. */
export function installPackages(...packages: readonly string[]): void {
  const install = ["install", "--yes", "--no-install-recommends", ...packages];
  // Package lists are missing in a new container and may be out of date elsewhere.
  if (!aptGet(...install) && aptGet("update")) aptGet(...install);
}

const aptGet = (...args: readonly string[]): boolean =>
  spawnSync("apt-get", args, {
    stdio: ["ignore", "ignore", "inherit"],
    env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
  }).status === 0;
