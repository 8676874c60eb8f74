import { packageManagers } from "../package-manager.ts";
import { languageFacts } from "../templates.ts";
import { isLibrary } from "./project.ts";
import type { Project } from "./project.ts";
import { testedWith } from "./workflow.ts";

/** The README of a project: what it is, what to type, and how to go on. */
export function readme(project: Project): string {
  const { name, description, language, packageManager, isOnItsOwn } = project;
  const { exec, wasiKit } = packageManagers[packageManager];
  const { title, needs, edited } = languageFacts(language);
  return `# ${name}

${description}: a [WASI](https://wasi.dev) ${isLibrary(project) ? "library" : "program"} in ${title}.

## Commands

\`\`\`sh
${aligned(commands(project))}
\`\`\`

${needs ? `${needs}: \`${wasiKit} doctor\` says whether it is there, and \`--fix\` installs it.\n\n` : ""}## Files

${table(project)}

## How to go on

1. Change \`${named(edited, project)}\`, with \`${packageManagers[packageManager].run} dev\` or \`${exec} vitest\` beside it.
2. Declare in \`wasi.json\` how the program is run. It gets what its run declares, and nothing else:

   \`\`\`json
   "my-run": { "args": ["one"], "env": { "KEY": "value" }, "preopens": { "/data": "fixtures" }, "exitCode": 0 }
   \`\`\`

   An editor completes and checks it. \`${wasiKit} list\` shows all runs.
3. \`${packageManagers[packageManager].test}\` writes a snapshot for a run that has none, and in CI it fails: read it, and commit it.
   After a change that is meant, \`${packageManagers[packageManager].update}\` writes the snapshots again.
${isLibrary(project) ? "" : byHand(project)}${isOnItsOwn ? editorsAndCi(project) : ""}`;
}

function editorsAndCi(project: Project): string {
  const { editor } = languageFacts(project.language);
  return `
## Editors and CI

In Visual Studio Code, F5 ${isLibrary(project) ? "starts the tests" : "builds the program for debugging and starts it"} in the debugger, and the tasks \`build\`,
\`test\` and \`dev\` run the scripts of \`package.json\`.
${editor ? `${editor}\n` : ""}
\`.github/workflows/test.yml\` tests each push on Node.js ${testedWith}, with the package manager that \`package.json\` pins.
`;
}

type Rows = readonly (readonly [left: string, right: string])[];

function commands(project: Project): Rows {
  const { install, start, test, run, exec } = packageManagers[project.packageManager];
  return [
    [install, "once"],
    [
      start,
      isLibrary(project)
        ? "build it, and call it from main.ts"
        : "build it, make each run of wasi.json, and show what it did",
    ],
    [test, "build it, and compare each run with its snapshot"],
    [`${run} dev`, "build and run it again whenever something changes"],
    [`${exec} vitest`, "test it again whenever something changes"],
  ];
}

function aligned(rows: Rows): string {
  const width = Math.max(...rows.map(([line]) => line.length));
  return rows.map(([line, what]) => `${line.padEnd(width)}  # ${what}`).join("\n");
}

/** A path of a language's facts, in a project. */
const named = (path: string, { program }: Project): string => path.replace("NAME", () => program);

/** What each file is for, if the project has it. */
function table(project: Project): string {
  const { program, files } = project;
  const paths = Object.keys(files);
  const rows: Rows = [
    ...languageFacts(project.language).files.map(
      ([path, what]) => [named(path, project), isLibrary(project) ? what.replace("program", "library") : what] as const,
    ),
    ["host.ts", "what calls the library from TypeScript"],
    ["main.ts", "a program that uses it"],
    ["wasi.json", "how the module is built, and what each run of it is granted and has to end with"],
    ["fixtures/", "the files that runs are granted"],
    [`${program}.test.ts`, "has each run tested"],
    ["__snapshots__/", "what each run did"],
  ];
  const present = rows.filter(([path]) => paths.some((it) => (path.endsWith("/") ? it.startsWith(path) : it === path)));
  const lines = [...present, [`build/${program}.wasm`, "the module, once it is built"] as const];
  return ["| file | what it is |", "|---|---|", ...lines.map(([path, what]) => `| \`${path}\` | ${what} |`)].join("\n");
}

function byHand({ program, packageManager, runs: [run = ""] }: Project): string {
  const { wasiKit } = packageManagers[packageManager];
  const rows: Rows = [
    [`${wasiKit} run --run ${run}`, "its output and its exit code are the program's own"],
    [`${wasiKit} run --run ${run} --trace`, "each call that it makes"],
    [`${wasiKit} run --dir .::/data build/${program}.wasm -- ARG`, "without wasi.json: grants are options"],
    [`${wasiKit} inspect build/${program}.wasm`, "what the module can ask for; nothing is run"],
  ];
  return `
One run alone:

\`\`\`sh
${aligned(rows)}
\`\`\`
`;
}
