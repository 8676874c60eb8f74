import { packageManagers } from "../package-manager.ts";
import { languageFacts } from "../templates.ts";
import { isLibrary } from "./project.ts";
import type { Project } from "./project.ts";

/** The tasks, the debugger and the extensions of Visual Studio Code: path to text. */
export function vscode(project: Project): Record<string, string> {
  const { settings } = languageFacts(project.language);
  const files = {
    tasks: tasks(project),
    launch: launch(project),
    extensions: extensions(project),
    ...(settings ? { settings } : {}),
  };
  return Object.fromEntries(
    Object.entries(files).map(([name, content]) => [`.vscode/${name}.json`, `${JSON.stringify(content, null, 2)}\n`]),
  );
}

const debugBuild = "build for debugging";

/** A task that runs a script of package.json. */
const script = (name: string, more: object): object => ({ label: name, type: "npm", script: name, ...more });

/** Has an editor show the errors of a build in the sources. */
function problemMatcher({ language }: Project): object {
  const { title, problems } = languageFacts(language);
  return { owner: "wasi-kit", source: title, fileLocation: ["autoDetect", "${workspaceFolder}"], pattern: problems };
}

/** The lines of `dev` between which it builds: errors from before are no longer shown. */
const background = {
  activeOnStart: true,
  beginsPattern: "^wasi-kit: (built |.+ can't (build|compile) )",
  endsPattern: "waiting for changes",
};

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

function tasks(project: Project): unknown {
  const matcher = problemMatcher(project);
  return {
    version: "2.0.0",
    tasks: [
      script("build", { group: { kind: "build", isDefault: true }, problemMatcher: matcher }),
      script("test", { group: { kind: "test", isDefault: true }, problemMatcher: matcher }),
      script("dev", { isBackground: true, problemMatcher: { ...matcher, background } }),
      {
        label: debugBuild,
        type: "shell",
        command: `${packageManagers[project.packageManager].wasiKit} build --debug`,
        problemMatcher: matcher,
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

const extensions = ({ language }: Project): unknown => ({
  recommendations: ["vitest.explorer", "editorconfig.editorconfig", ...languageFacts(language).extensions],
});
