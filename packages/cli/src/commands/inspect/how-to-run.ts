import { projectCommands } from "@wasi-kit/runner/commands";
import type { Capability, Inspection } from "@wasi-kit/runner";
import { quoteForShell } from "@wasi-kit/runner";

/** What was inspected, as it was called on the command line. */
export interface Inspected {
  /** The module's path. */
  path: string;
  /** The folder of the program that it belongs to, if that was named. */
  program?: string;
}

/** How to run a module. */
interface HowToRun {
  /** The parts of the command line, none of which may be broken; none if there is no such command. */
  command: readonly string[];
  /** What it means, or why there is none; in sentences. */
  about: string;
}

/** The command that runs a module and grants it what it can ask for. */
export function howToRun(inspection: Inspection, { path, program }: Inspected): HowToRun {
  const { kind, wasi, exports, nonWasiImports, malformed } = inspection;
  if (malformed) return none("It can't be run: it is malformed.");
  if (kind === "component") {
    return exports.some(({ name }) => name.startsWith("wasi:cli/run@"))
      ? { command: ["wasmtime", "run", quoteForShell(path)], about: "wasi-kit runs WASI preview 1, and no components." }
      : none("It is no program: a host for components calls what it exports.");
  }
  if (exports.length === 0) return none("It is no program: it exports nothing.");
  if (kind !== "command") {
    const first = exports.some(({ name }) => name === "_initialize") ? "_initialize once, and then " : "";
    return none(`It is no program: it exports no function _start. A host calls ${first}what it exports.`);
  }
  if (nonWasiImports.length > 0) {
    const modules = nonWasiImports.map(({ module }) => module).join(", ");
    return none(`wasi-kit can't run it: it also imports what WASI preview 1 does not have, from ${modules}.`);
  }
  if (wasi.length > 1) return none("wasi-kit can't run it: it mixes versions of WASI.");
  if (program === undefined) return withGrants(inspection, quoteForShell(path));
  return {
    command: [projectCommands(".").wasiKit, "run", ...(program === "." ? [] : [quoteForShell(program)])],
    about: "It is granted what the first run in its wasi.json declares.",
  };
}

const none = (about: string): HowToRun => ({ command: [], about });

/** What grants a capability: an option, or what follows the module. A capability that is not here needs no grant. */
interface Grant {
  readonly capabilities: readonly Capability[];
  readonly option: readonly string[];
  readonly about: string;
}

const options: readonly Grant[] = [
  {
    capabilities: ["directories: change"],
    option: ["--dir", "HOST::GUEST"],
    about: "--dir grants the directory HOST under the name GUEST; HOST::GUEST::ro for reading only.",
  },
  {
    capabilities: ["directories: list and look up", "directories: open, create files"],
    option: ["--dir", "HOST::GUEST::ro"],
    about: "--dir grants the directory HOST under the name GUEST for reading; without ::ro for writing too.",
  },
  { capabilities: ["environment"], option: ["--env", "NAME=VALUE"], about: "--env sets a variable." },
];
const args: Grant = {
  capabilities: ["arguments"],
  option: ["ARG…"],
  about: "What follows the module are its arguments.",
};

function withGrants({ capabilities }: Inspection, path: string): HowToRun {
  const asked = new Set(capabilities.map(({ capability }) => capability));
  const wanted = (grant: Grant): boolean => grant.capabilities.some((it) => asked.has(it));
  // Of several --dir, the first is enough.
  const before = options.filter(wanted).filter((it, i, all) => it.option[0] !== all[i - 1]?.option[0]);
  const after = [args].filter(wanted);
  const all = [...before, ...after];
  return {
    command: [projectCommands(".").wasiKit, "run", ...before.map(words), path, ...after.map(words)],
    about:
      all.length > 0
        ? `${all.map(({ about }) => about).join(" ")} What you leave out, it does not get.`
        : "There is nothing to grant: stdin, stdout and stderr are there for every program.",
  };
}

const words = ({ option }: Grant): string => option.join(" ");
