import { packageManagers } from "../package-manager.ts";
import { isLibrary } from "./project.ts";
import type { Project } from "./project.ts";

/** The tasks, the debugger and the extensions of Visual Studio Code: path to text. */
export function vscode(project: Project): Record<string, string> {
  const files = { tasks: tasks(project), launch: launch(project), extensions: extensions(project) };
  return Object.fromEntries(
    Object.entries(files).map(([name, content]) => [`.vscode/${name}.json`, `${JSON.stringify(content, null, 2)}\n`]),
  );
}

const debugBuild = "build for debugging";

/** A task that runs a script of package.json. */
const script = (name: string, more: object): object => ({
  label: name,
  type: "npm",
  script: name,
  problemMatcher: [],
  ...more,
});

/** What starts a program of a package in the debugger. */
const node = (name: string, program: string, args: readonly string[], more: object = {}): object => ({
  name,
  type: "node",
  request: "launch",
  program: `\${workspaceFolder}/${program}`,
  args,
  console: "integratedTerminal",
  skipFiles: ["<node_internals>/**", "**/node_modules/**"],
  ...more,
});

function tasks({ packageManager }: Project): unknown {
  return {
    version: "2.0.0",
    tasks: [
      script("build", { group: { kind: "build", isDefault: true } }),
      script("test", { group: { kind: "test", isDefault: true } }),
      script("dev", { isBackground: true }),
      {
        label: debugBuild,
        type: "shell",
        command: `${packageManagers[packageManager].wasiKit} build --debug`,
        problemMatcher: [],
      },
    ],
  };
}

/** F5 starts the first. */
function launch(project: Project): unknown {
  const [run = ""] = project.runs;
  return {
    version: "0.2.0",
    configurations: [
      // Without --no-build it would build the module again, without what the debugger needs.
      ...(isLibrary(project)
        ? []
        : [
            node(`run ${run}`, "node_modules/wasi-kit/bin/wasi-kit.cjs", ["run", "--no-build", "--run", run], {
              preLaunchTask: debugBuild,
            }),
          ]),
      node("tests", "node_modules/vitest/vitest.mjs", ["run", "--no-file-parallelism"]),
    ],
  };
}

/** What each language needs in an editor, by the names of the extensions. */
const byLanguage: Readonly<Record<string, readonly string[]>> = {
  rust: ["rust-lang.rust-analyzer", "ms-vscode.wasm-dwarf-debugging"],
  wat: ["dtsvet.vscode-wasm"],
};

const extensions = ({ language }: Project): unknown => ({
  recommendations: ["vitest.explorer", "editorconfig.editorconfig", ...(byLanguage[language] ?? [])],
});
