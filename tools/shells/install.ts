/**
 * `pnpm shells`: makes sure that the shells are there whose completion is tested. On Debian as root it installs those that
 * are missing, after a line that says so; elsewhere, and with WASI_KIT_NO_INSTALL=1, it says what to do.
 */
import { spawnSync } from "node:child_process";
import { installPackages, mayInstall } from "../debian-package.ts";

const missing = (): string[] =>
  ["bash", "zsh", "fish"].filter((shell) => spawnSync(shell, ["-c", "true"]).error !== undefined);

if (missing().length > 0 && mayInstall()) {
  console.error(`Installing what is missing of the shells whose completion is tested: ${missing().join(", ")}.`);
  installPackages(...missing());
}
if (missing().length > 0) {
  console.error(`There is no ${missing().join(" and no ")} here: apt-get install ${missing().join(" ")}`);
  process.exitCode = 1;
}
