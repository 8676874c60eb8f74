import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

/** What Chromium and what is made of it are called. */
const names = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];

/** Where Chromium is: what CHROME_PATH names, or the first that is on PATH. */
export function findChromium(): string | undefined {
  const named = process.env["CHROME_PATH"];
  if (named) return named;
  const folders = (process.env["PATH"] ?? "").split(delimiter).filter((folder) => folder !== "");
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find(isExecutable);
}

/** Why a test that needs Chromium is skipped; undefined if it is not. In CI it fails instead. */
export const chromiumMissing: string | undefined =
  findChromium() === undefined && process.env["CI"] === undefined
    ? "There is no Chromium here: `pnpm browser` installs it, and CHROME_PATH names one."
    : undefined;

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
