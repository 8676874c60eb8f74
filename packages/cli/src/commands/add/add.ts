import { existsSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { holdSignals } from "@wasi-kit/compiler/system";
import { projectCommands } from "@wasi-kit/runner/commands";
import {
  copyExample,
  examples,
  extendPackageJson,
  findWorkspace,
  isPackage,
  packageAbove,
  packageManagers,
  packagesFolder,
} from "create-wasi-kit";
import type { CopyOptions, PackageManager, Workspace } from "create-wasi-kit";
import type { Command } from "../../command-line/command.ts";
import { UsageError } from "../../command-line/command.ts";
import { say } from "../../ui/output.ts";

/** How the tests of one package of a workspace are run, from its root. */
const testOf: Readonly<Record<PackageManager, (folder: string, name: string) => string>> = {
  npm: (folder) => `npm test --workspace ${folder}`,
  pnpm: (folder) => `pnpm --filter ./${folder} test`,
  yarn: (_, name) => `yarn workspace ${name} test`,
};

/** wasi-kit add */
export const command: Command = {
  usage: ["EXAMPLE [DIR] [--name NAME] [--force]"],
  about:
    "Copies an example into a workspace of npm, pnpm or yarn, as a package of its own, or into a project, as a folder\n" +
    "whose test vitest finds. Default for DIR in a workspace: beside the package in this folder, or where the workspace\n" +
    "has its packages; in a project: a folder beside its package.json.",
  options: {
    name: { type: "string", value: "NAME", about: "The package's and the program's name. Default: the folder's" },
    force: { type: "boolean", about: "Write over files that are there already; leave what is there besides" },
  },
  examples: [
    ["wasi-kit add rust/read-file", "To read-file, or to packages/read-file if packages/* are the packages"],
    ["wasi-kit add wat/hello tools/greeter", "To another folder"],
  ],
  exitCodes: [
    ["0", "It was copied"],
    ["1", "It could not be written"],
    ["2", "There is no such example, no package.json, or the folder is not empty or none of the workspace's packages"],
  ],
  async run({ positionals, values }) {
    const [example, folder, ...more] = positionals;
    if (example === undefined || more.length > 0) {
      throw new UsageError(
        `Name one example, and one folder at most: wasi-kit add EXAMPLE [DIR].\nThere are: ${Object.keys(examples()).join(", ")}.`,
      );
    }
    const name = values["name"] as string | undefined;
    const options = { example, force: values["force"] === true, ...(name === undefined ? {} : { name }) };
    const workspace = findWorkspace(process.cwd());
    holdSignals(() => (workspace ? addPackage(workspace, folder, options) : addFolder(folder, options)));
    return 0;
  },
};

type Options = Pick<CopyOptions, "example" | "force" | "name">;

/** To a workspace. */
function addPackage(workspace: Workspace, folder: string | undefined, options: Options): void {
  const { root, packageManager } = workspace;
  const dir = folder === undefined ? usualFolder(workspace, options.example) : resolve(folder);
  if (!isPackage(workspace, dir)) throw noPackage(workspace, dir);
  const { name } = copyExample({
    ...options,
    dir,
    as: "package",
    packageManager,
    // pnpm gives each package a node_modules of its own; others put all into the one of the root.
    nodeModules: packageManager === "pnpm" ? "./node_modules" : join(relative(dir, root), "node_modules"),
  });
  say("ok", `added ${relative(process.cwd(), dir)}: the package ${name}, from the example ${options.example}`);
  next(root, [packageManagers[packageManager].install, testOf[packageManager](relative(root, dir), name)]);
}

/** To a project that is no workspace. */
function addFolder(folder: string | undefined, options: Options): void {
  const root = packageAbove(process.cwd());
  if (root === undefined) throw noProject(options.example);
  const scenario = options.example.split("/").at(-1) as string;
  const dir = folder === undefined ? join(root, scenario) : resolve(folder);
  const path = relative(root, dir);
  if (path === "" || path.startsWith("..")) throw notBelow(root, dir, options.example);
  const { packageManager, install } = projectCommands(root);
  const { devDependencies } = copyExample({
    ...options,
    dir,
    as: "folder",
    packageManager,
    nodeModules: join(relative(dir, root), "node_modules"),
  });
  const packageJson = join(root, "package.json");
  extendPackageJson(packageJson, { devDependencies, scripts: { test: "vitest run" } });
  const shown = relative(process.cwd(), dir);
  say(
    "ok",
    `added ${shown}, from the example ${options.example}, and what it needs to ${relative(process.cwd(), packageJson)}`,
  );
  if (existsSync(join(root, "tsconfig.json")) && existsSync(join(dir, "assembly"))) {
    say("warn", `asc compiles ${shown}/assembly, and tsc does not know its types: exclude it in tsconfig.json.`);
  }
  next(root, [install, `${packageManagers[packageManager].exec} vitest run ${path}`]);
}

function next(root: string, lines: readonly string[]): void {
  const where = relative(process.cwd(), root);
  say("ok", `next, type${where ? ` in ${where}` : ""}: ${lines.join(" && ")}`);
}

/** Beside the package that this folder is; from elsewhere, where the workspace has its packages first of all. */
function usualFolder(workspace: Workspace, example: string): string {
  const name = example.split("/").at(-1) ?? "";
  const beside = join(dirname(process.cwd()), name);
  if (isPackage(workspace, process.cwd()) && isPackage(workspace, beside)) return beside;
  const folder = packagesFolder(workspace);
  if (folder !== undefined) return join(workspace.root, folder, name);
  throw new UsageError(
    `${workspace.declaredIn} names each package (${workspace.patterns.join(", ")}), so say where it is to be put:\nwasi-kit add ${example} DIR`,
  );
}

const noProject = (example: string): UsageError =>
  new UsageError(
    "There is no package.json in this folder or above it, so there is nothing to add to.\n" +
      `For a project of its own: npm create wasi-kit@latest -- --example ${example}\n` +
      "For a crate, a .wat file or a module that is here: wasi-kit init",
  );

const notBelow = (root: string, dir: string, example: string): UsageError =>
  new UsageError(
    `${relative(process.cwd(), dir) || "This folder"} is not below the project, which is ${relative(process.cwd(), root) || "this folder"}.\n` +
      `Name a folder in it: wasi-kit add ${example} ${relative(process.cwd(), join(root, example.split("/").at(-1) as string))}`,
  );

const noPackage = ({ root, declaredIn, patterns }: Workspace, dir: string): UsageError =>
  new UsageError(
    `${relative(process.cwd(), dir) || "This folder"} would be no package of the workspace: ${relative(process.cwd(), join(root, declaredIn))} has ${patterns.join(", ")}.\n` +
      "Name a folder that one of them matches, or add it there.",
  );
