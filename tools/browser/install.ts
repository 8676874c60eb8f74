/**
 * `pnpm browser`: makes sure that there is a Chromium for the tests that need one. On Debian as root it installs the
 * distribution's, after a line that says so; elsewhere, and with WASI_KIT_NO_INSTALL=1, it says what to do.
 */
import { installPackages, mayInstall } from "../debian-package.ts";
import { findChromium } from "./chromium.ts";

if (findChromium() === undefined && mayInstall()) {
  console.error("There is no Chromium here: installing Debian's chromium, about 110 MB, once.");
  installPackages("chromium");
}
const found = findChromium();
if (found === undefined) {
  console.error("There is no Chromium here. Install it (apt-get install chromium), or set CHROME_PATH to its path.");
  process.exitCode = 1;
} else console.log(found);
