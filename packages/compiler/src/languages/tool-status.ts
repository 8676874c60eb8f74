import { dirname } from "node:path";
import type { LanguageName } from "@wasi-kit/manifest";
import { requireOfPackage } from "../own-package.ts";

/** A tool that a language is built with, and whether this machine has it. */
export interface ToolStatus {
  /** What it is called: `"wabt"`, `"cargo"`, … */
  name: string;
  /** The language that needs it. */
  language: LanguageName;
  /** Whether it was found, and can be used. */
  found: boolean;
  /** Its version; if it was not found, what is missing. */
  version: string;
  /** Where it was found; empty if it was not. */
  path: string;
  /** If it was not found: the command that installs it. A package that is missing comes with the project's others. */
  installCommand?: string;
}

/** The status of a tool that is a dependency of this package. */
export function packageStatus(language: LanguageName, name: string): ToolStatus {
  try {
    const require = requireOfPackage();
    const path = require.resolve(`${name}/package.json`);
    const { version } = require(path) as { version: string };
    return { name, language, found: true, version, path: dirname(path) };
  } catch {
    return { name, language, found: false, version: "not installed", path: "" };
  }
}
