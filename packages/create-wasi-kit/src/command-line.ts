import { parseArgs } from "node:util";
import { closestMatch } from "leven";
import { CreateError } from "./error.ts";
import { packageManagers } from "./package-manager.ts";
import type { PackageManager } from "./package-manager.ts";
import { examples } from "./templates.ts";

/** The options: what the parser takes, and what the help says. */
const options = {
  example: { type: "string", value: "LANGUAGE/SCENARIO", about: "The example to copy; see below" },
  name: { type: "string", value: "NAME", about: "The package's name. Default: the folder's" },
  "package-manager": {
    type: "string",
    value: Object.keys(packageManagers).join("|"),
    about: "What installs and runs it. Default: what this was started by, or npm",
  },
  "no-install": { type: "boolean", about: "Install nothing" },
  "no-git": { type: "boolean", about: "Begin no git repository" },
  force: { type: "boolean", about: "Write over files that are there already; leave what is there besides" },
  yes: { type: "boolean", about: "Ask nothing: take defaults for what is not given" },
  help: { type: "boolean", about: "This text" },
  version: { type: "boolean", about: "The version of create-wasi-kit" },
} as const;

/** What a command line says. */
export interface CreateArgs {
  dir: string | undefined;
  example: string | undefined;
  name: string | undefined;
  packageManager: PackageManager | undefined;
  install: boolean | undefined;
  git: boolean | undefined;
  force: boolean;
  yes: boolean;
  help: boolean;
  version: boolean;
}

/**
 * Reads a command line.
 *
 * @throws CreateError `E_USAGE` where it can't be understood
 */
export function parseCommandLine(argv: readonly string[]): CreateArgs {
  const { values, positionals } = parse(argv);
  const [dir, ...more] = positionals;
  if (more.length > 0) throw new CreateError("E_USAGE", `Name one folder at a time: ${positionals.join(", or ")}.`);
  const { example, name, "package-manager": packageManager } = values;
  if (packageManager !== undefined && !Object.hasOwn(packageManagers, packageManager)) {
    const known = Object.keys(packageManagers).join(", ");
    throw new CreateError("E_USAGE", `There is no package manager ${packageManager} here. There are: ${known}.`);
  }
  return {
    dir,
    example,
    name,
    packageManager: packageManager as PackageManager | undefined,
    install: values["no-install"] ? false : undefined,
    git: values["no-git"] ? false : undefined,
    force: values.force === true,
    yes: values.yes === true,
    help: values.help === true,
    version: values.version === true,
  };
}

type Values = { [Name in keyof typeof options]?: (typeof options)[Name]["type"] extends "string" ? string : boolean };

function parse(argv: readonly string[]): { values: Values; positionals: string[] } {
  // npm takes the dashes before the options away, and other package managers pass them on.
  const args = argv
    .filter((arg) => arg !== "--")
    .map((arg) => (arg === "-h" ? "--help" : arg === "-y" ? "--yes" : arg));
  const unknown = args.find((arg) => arg.startsWith("-") && !Object.hasOwn(options, nameOf(arg)));
  if (unknown !== undefined) {
    const known = Object.keys(options).map((name) => `--${name}`);
    const nearest = closestMatch(unknown, known, { maxDistance: Math.ceil(unknown.length / 3) });
    const hint = nearest === undefined ? "" : ` Did you mean ${nearest}?`;
    throw new CreateError("E_USAGE", `There is no option ${unknown}.${hint} There are: ${known.join(", ")}.`);
  }
  try {
    return parseArgs({ args, options, allowPositionals: true });
  } catch (cause) {
    // All that is left: an option without its value, or with one that it does not take.
    const [option = ""] = /--[a-z-]+/.exec((cause as Error).message) ?? [];
    const known = options[nameOf(option) as keyof typeof options];
    const what = "value" in known ? `needs a value: ${option} ${known.value}` : "takes no value.";
    throw new CreateError("E_USAGE", `${option} ${what}`, { cause });
  }
}

const nameOf = (arg: string): string => /^--([^=]*)/.exec(arg)?.[1] ?? "";

/** What `create-wasi-kit --help` prints. */
export function help(): string {
  const rows = Object.entries(options).map(
    ([name, option]) => [`--${name}${"value" in option ? ` ${option.value}` : ""}`, option.about] as const,
  );
  return `Starts a WASI project from an example: it builds, runs and is tested as it is.

Usage
  npm create wasi-kit@latest [DIR] -- [OPTIONS]

In a terminal, what is left open is asked for.

Options
${columns(rows)}

Examples
${columns(Object.entries(examples()))}

For instance
  npm create wasi-kit@latest                                          Ask for everything
  npm create wasi-kit@latest my-app -- --example rust/read-file       Copy an example
  npm create wasi-kit@latest my-app -- --yes --no-install --no-git    Ask for nothing, and write files only
  pnpm create wasi-kit my-app --example wat/hello                     With pnpm or yarn: without the dashes between

Exit codes
  0    The project is there
  1    It could not be written, or what it needs could not be installed; the message says which
  2    The command line is not valid, or the folder is not empty
  130  Ctrl-C
`;
}

function columns(rows: readonly (readonly [left: string, right: string])[]): string {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`).join("\n");
}
