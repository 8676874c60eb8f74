import { dirname, join, relative, resolve } from "node:path";
import { copyExample, examples, findWorkspace, isPackage, packageManagers, packagesFolder } from "create-wasi-kit";
import type { PackageManager, Workspace } from "create-wasi-kit";
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
    "Copies an example into a workspace of npm, pnpm or yarn, as a package of its own, ready to be installed.\n" +
    "Default for DIR: beside the package in this folder, or where the workspace has its packages.",
  options: {
    name: { type: "string", value: "NAME", about: "The package's name. Default: the folder's" },
    force: { type: "boolean", about: "Write over files that are there already; leave what is there besides" },
  },
  examples: [
    ["wasi-kit add rust/read-file", "To packages/read-file, where packages/* are the packages"],
    ["wasi-kit add wat/hello tools/greeter", "To another folder"],
  ],
  exitCodes: [
    ["0", "It was copied"],
    ["1", "It could not be written"],
    ["2", "There is no such example, no workspace, or the folder is not empty or none of its packages"],
  ],
  async run({ positionals, values }) {
    const [example, folder, ...more] = positionals;
    if (example === undefined || more.length > 0) {
      throw new UsageError(
        `Name one example, and one folder at most: wasi-kit add EXAMPLE [DIR].\nThere are: ${Object.keys(examples()).join(", ")}.`,
      );
    }
    const workspace = findWorkspace(process.cwd());
    if (!workspace) throw noWorkspace(example);
    const { root, packageManager } = workspace;
    const dir = folder === undefined ? usualFolder(workspace, example) : resolve(folder);
    if (!isPackage(workspace, dir)) throw noPackage(workspace, dir);

    const name = values["name"] as string | undefined;
    const copied = copyExample({
      example,
      dir,
      packageManager,
      force: values["force"] === true,
      // pnpm gives each package a node_modules of its own; others put all into the one of the root.
      nodeModules: packageManager === "pnpm" ? "./node_modules" : join(relative(dir, root), "node_modules"),
      ...(name === undefined ? {} : { name }),
    });
    const path = relative(root, dir);
    const where = relative(process.cwd(), root);
    say("ok", `added ${relative(process.cwd(), dir)}: the package ${copied.name}, from the example ${example}`);
    const lines = [packageManagers[packageManager].install, testOf[packageManager](path, copied.name)];
    say("ok", `next, type${where ? ` in ${where}` : ""}: ${lines.join(" && ")}`);
    return 0;
  },
};

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

const noWorkspace = (example: string): UsageError =>
  new UsageError(
    "This folder is in no workspace. To make it the root of one, declare where its packages are:\n" +
      '"workspaces": ["packages/*"] in package.json for npm or yarn, or packages: ["packages/*"] in pnpm-workspace.yaml.\n' +
      `For a project of its own: npm create wasi-kit@latest -- --example ${example}`,
  );

const noPackage = ({ root, declaredIn, patterns }: Workspace, dir: string): UsageError =>
  new UsageError(
    `${relative(process.cwd(), dir) || "This folder"} would be no package of the workspace: ${relative(process.cwd(), join(root, declaredIn))} has ${patterns.join(", ")}.\n` +
      "Name a folder that one of them matches, or add it there.",
  );
