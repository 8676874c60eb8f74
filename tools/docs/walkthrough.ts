import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { environmentWithout } from "../environment.ts";
import { packAll } from "../release/packages.ts";
import { publishTarballs } from "../release/publish-tarballs.ts";
import { anybodysSettings, startRegistry } from "../release/registry.ts";
import type { Registry } from "../release/registry.ts";

/**
 * What a reader of a document does: files that they write, and commands that they type, in a folder that is empty at the
 * beginning of the document. The packages come from a registry, as `pnpm registry` starts one.
 */
interface Walkthrough {
  /** The reader's home folder, as far as the document shows it: `~`. */
  home: string;
  /** Where the last command left the shell. */
  cwd: string;
}

/** Where documents say that the registry listens. */
const documented = "http://127.0.0.1:4873/";
/** A command that takes longer hangs; in milliseconds. */
const timeoutMs = 300_000;

const walkthroughs = new Map<string, Walkthrough>();
let registry: Promise<{ folder: string; registry: Registry }> | undefined;

/** Writes a file of a document's reader. */
export function writeFile(document: string, path: string, text: string): void {
  const file = join(walkthroughOf(document).cwd, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

/** Types a command line of a document's reader, and gives what a terminal shows. */
export async function type(document: string, line: string): Promise<string> {
  registry ??= startFilledRegistry();
  const { folder, registry: started } = await registry;
  const walkthrough = walkthroughOf(document);
  const left = join(walkthrough.home, ".left");
  const typedLine = line.replaceAll(documented, started.url);
  // What a shell knows is there for the next command: its folder and its variables.
  const script = `[ -f "${left}" ] && . "${left}"\n${typedLine}\n__code=$?\n{ echo "cd '$PWD'"; export -p; } > "${left}"\nexit $__code`;
  const { status, stdout, stderr } = spawnSync("bash", ["-c", `{ ${script}\n} 2>&1`], {
    cwd: walkthrough.cwd,
    env: readersEnvironment(folder, started),
    encoding: "utf8",
    timeout: timeoutMs,
  });
  walkthrough.cwd = /^cd '(.*)'$/m.exec(readFileSync(left, "utf8"))?.[1] ?? walkthrough.cwd;
  const shown = normalize(stdout + stderr, walkthrough.home, started.url);
  return `${shown}${status === 0 ? "" : `(exit code ${status})`}`;
}

/** Ends the registry, and removes what readers wrote. */
export async function endWalkthroughs(): Promise<void> {
  for (const { home } of walkthroughs.values()) rmSync(home, { recursive: true, force: true });
  walkthroughs.clear();
  if (!registry) return;
  const { folder, registry: started } = await registry;
  await started.stop();
  rmSync(folder, { recursive: true, force: true });
  registry = undefined;
}

function walkthroughOf(document: string): Walkthrough {
  let found = walkthroughs.get(document);
  if (!found) {
    const home = mkdtempSync(join(tmpdir(), "wasi-kit-reader-"));
    found = { home, cwd: home };
    walkthroughs.set(document, found);
  }
  return found;
}

async function startFilledRegistry(): Promise<{ folder: string; registry: Registry }> {
  const folder = mkdtempSync(join(tmpdir(), "wasi-kit-registry-"));
  const tarballs = await packAll(folder);
  mkdirSync(join(folder, "registry"));
  const started = await startRegistry(join(folder, "registry"));
  const npmrc = join(folder, "npmrc");
  writeFileSync(npmrc, anybodysSettings(started));
  await publishTarballs(tarballs, { args: ["--no-provenance"], env: { npm_config_userconfig: npmrc } });
  return { folder, registry: started };
}

/** Nothing of this workspace, and npm's settings are those of the registry. */
const readersEnvironment = (folder: string, started: Registry): NodeJS.ProcessEnv => ({
  ...environmentWithout(/^(npm_|pnpm_|yarn_|NODE_(?!EXTRA_CA_CERTS$)|INIT_CWD|WASI_KIT|TURBO|VITEST|CI$|FORCE_COLOR)/i),
  PATH: (process.env["PATH"] ?? "")
    .split(delimiter)
    .filter((it) => !it.includes("node_modules"))
    .join(delimiter),
  npm_config_userconfig: join(folder, "npmrc"),
  npm_config_registry: started.url,
  npm_config_cache: join(folder, "npm-cache"),
  npm_config_loglevel: "error",
  npm_config_progress: "false",
  NO_COLOR: "1",
});

/** What differs from machine to machine and from day to day. Documents that type commands say that it is shown as `…`. */
const varying: readonly (readonly [RegExp, string])[] = [
  [/\b(added|changed|removed|audited) \d+ packages?[^\n]*/g, "$1 … packages"],
  [/\b\d+(?:\.\d+)? ?(?:ms|s)\b/g, "…"],
  [/\b\d+(?:\.\d+)? (kB|MB)\b/g, "… $1"],
  [/^(\s*Start at\s+)[\d:]+/gm, "$1…"],
  [/^(\s*RUN\s+v)[\d.]+/gm, "$1…"],
  [/ ?\(transform [^)]*\)/g, ""],
  [/\(node:\d+\)/g, "(node:…)"],
  // What the version of V8 or of a compiler decides.
  [/(Import #\d+) module="(\w+)" error:/g, '$1 "$2":'],
  [/thread 'main' \(\d+\)/g, "thread 'main'"],
  [/wasm-function\[\d+\]:0x[\da-f]+/g, "wasm-function[…]:0x…"],
  [/and \d+ frames/g, "and … frames"],
  [/^( +at wasm-function.*\n)\1+/gm, "$1"],
  // A row of `wasi-kit doctor`: the version of a tool and where it is.
  [/^((?:ok|missing)(?: {2,}\S+(?: \S+)*){2} {2,})\S.*$/gm, "$1…        …"],
  [/^( +tool +for +version) +found in$/gm, "$1  found in"],
];

function normalize(text: string, home: string, url: string): string {
  const shown = text.replaceAll(`/private${home}`, "~").replaceAll(home, "~").replaceAll(url, documented);
  return varying.reduce((result, [pattern, by]) => result.replaceAll(pattern, by), shown);
}
