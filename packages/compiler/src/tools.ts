import { createRequire } from "node:module";
import { dirname } from "node:path";
import type { Language } from "@wasi-kit/manifest";

/** A tool that a language is built with. */
export interface Tool {
  /** What it is called: `"wabt"`, `"cargo"`, … */
  name: string;
  /** The language that needs it. */
  language: Language;
  /** Whether it is there and will do. */
  ok: boolean;
  /** Its version; where it is missing, what is missing. */
  version: string;
  /** Where it was found; empty where it was not. */
  where: string;
  /** Where it is missing: the command that provides it. */
  remedy?: string;
}

const require = createRequire(import.meta.url);

/** For each language: what it is built with, and whether this machine has it. Installs nothing. */
export const tools: Readonly<Record<Language, (dir: string) => Promise<Tool[]>>> = {
  wat: async () => [fromPackage("wat", "wabt")],
  assemblyscript: async () => [
    fromPackage("assemblyscript", "assemblyscript"),
    fromPackage("assemblyscript", "@assemblyscript/wasi-shim"),
  ],
  // Loaded for Rust alone: it is asked at each start for what is up to date.
  rust: async (dir) => (await import("./rust-tools.ts")).rustTools(dir),
};

function fromPackage(language: Language, name: string): Tool {
  try {
    const path = require.resolve(`${name}/package.json`);
    const { version } = require(path) as { version: string };
    return { name, language, ok: true, version, where: dirname(path) };
  } catch {
    return { name, language, ok: false, version: "not installed", where: "", remedy: "pnpm install" };
  }
}
