import { packageManagers } from "./package-manager.ts";
import type { PackageManager } from "./package-manager.ts";

/** What a project is called and used with. */
export interface Project {
  name: string;
  packageManager: PackageManager;
  /** Where its node_modules is, relative to its wasi.json. */
  nodeModules: string;
}

/** What is changed in a template's files, by their names. */
const changes: Readonly<Record<string, (text: string, project: Project) => string>> = {
  "package.json": (text, { name }) => {
    const manifest = JSON.parse(text) as object;
    return `${JSON.stringify({ ...manifest, name }, null, 2)}\n`;
  },
  "README.md": (text, { name, packageManager }) => {
    const { start, test, wasiKit } = packageManagers[packageManager];
    return text
      .replace(/^# .*/, () => `# ${name}`)
      .replaceAll(/\bpnpm (?:--silent )?wasi-kit\b/g, wasiKit)
      .replaceAll(/\bpnpm (--silent )?start\b/g, (_, silent) => (silent ? start.replace(" ", " --silent ") : start))
      .replaceAll(/\bpnpm test\b/g, test);
  },
  // As text, so that it stays as it was laid out.
  "wasi.json": (text, { nodeModules }) => {
    const { $schema } = JSON.parse(text) as { $schema: string };
    return text.replace(JSON.stringify($schema), () =>
      JSON.stringify($schema.replace("./node_modules/", `${nodeModules}/`)),
    );
  },
};

/** The files of an example, as those of a project. */
export function adapt(files: Readonly<Record<string, string>>, project: Project): Record<string, string> {
  return Object.fromEntries(
    Object.entries(files).map(([path, text]) => [path, changes[path]?.(text, project) ?? text]),
  );
}
