import { basename, resolve } from "node:path";
import type { CreateArgs } from "./command-line.ts";
import { defaults } from "./defaults.ts";
import type { PackageManager } from "./package-manager.ts";
import { suggestName } from "./package-name.ts";

/** What is to be made. */
export interface Plan {
  dir: string;
  example: string;
  name: string;
  install: boolean;
  git: boolean;
}

/** What a command line leaves open is as it mostly is. */
export function assume({
  dir = defaults.dir,
  example = defaults.example,
  name,
  install = true,
  git = true,
}: CreateArgs): Plan {
  return { dir, example, name: name ?? suggestName(basename(resolve(dir))), install, git };
}

/** What a command line leaves open is asked for, in a terminal. */
export async function askFor(request: CreateArgs, packageManager: PackageManager): Promise<Plan> {
  // Loaded only here: where nobody is asked, it starts faster without.
  const { askDir, askExample, askName, askWhether } = await import("./questions.ts");
  const dir = request.dir ?? (await askDir(request.force));
  return {
    dir,
    name: request.name ?? (await askName(dir)),
    example: request.example ?? (await askExample()),
    install: request.install ?? (await askWhether(`Install what it needs with ${packageManager}?`)),
    git: request.git ?? (await askWhether("Begin a git repository?")),
  };
}
