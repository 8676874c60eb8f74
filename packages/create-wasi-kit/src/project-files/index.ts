import { languageFacts, readTemplates } from "../templates.ts";
import { packageManagers } from "../package-manager.ts";
import type { Project } from "./project.ts";
import { readme } from "./readme.ts";
import { vscode } from "./vscode.ts";
import { workflow } from "./workflow.ts";

/** What a project has besides its program: path to text. A package of a workspace shares it with the others. */
export const projectFiles = (project: Project): Record<string, string> => ({
  ".editorconfig": readTemplates().editorconfig,
  ".github/workflows/test.yml": workflow(project),
  ...vscode(project),
  ...packageManagers[project.packageManager].files,
});

/** What a program has of its own wherever it is: path to text. */
export const programFiles = (project: Project): Record<string, string> => ({
  "README.md": readme(project),
  ".gitignore": gitignoreLines(project.language)
    .map((line) => `${line}\n`)
    .join(""),
  // A library has one that its host is compiled with.
  ...("tsconfig.json" in project.files ? {} : { "tsconfig.json": `${JSON.stringify(tsconfig, null, 2)}\n` }),
});

/** What git is to leave alone: results, by what they come from. */
export const gitignoreLines = (language: string | undefined): string[] => [
  "node_modules/",
  ...(language === undefined ? [] : ["build/"]),
  ...(language === undefined ? [] : languageFacts(language).ignored),
];

/** For editors: the tests, not what another compiler compiles. */
const tsconfig = {
  compilerOptions: {
    target: "es2023",
    lib: ["es2023"],
    module: "nodenext",
    types: ["node"],
    strict: true,
    noEmit: true,
    skipLibCheck: true,
  },
  include: ["*.ts"],
};
