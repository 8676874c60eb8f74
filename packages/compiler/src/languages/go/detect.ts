import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { BuildError } from "../../error.ts";
import type { DetectedProgram } from "../detected-program.ts";
import { isGoLibrary, isMain } from "./package.ts";

/**
 * What a Go module builds: the package main in its folder, or the one below `cmd`.
 *
 * @throws BuildError `E_PROJECT` if there is none, or more than one
 */
export async function detect(dir: string): Promise<DetectedProgram> {
  const path = relative(process.cwd(), join(dir, "go.mod"));
  const module = /^module\s+"?([^\s"]+)/m.exec(readFileSync(join(dir, "go.mod"), "utf8"))?.[1];
  if (module === undefined)
    throw new BuildError("E_PROJECT", `${path} names no module. Write it anew: go mod init NAME`);
  const programs = isMain(dir) ? ["."] : commandsIn(dir);
  const [program] = programs;
  if (program === undefined || programs.length > 1) {
    throw new BuildError(
      "E_PROJECT",
      program
        ? `${path} builds ${programs.join(", ")}, and a wasi.json is for one program.\nWrite one by hand, with the source of one of them as build.source.`
        : `${path} builds no program: there is no package main beside it, or in a folder of cmd.`,
    );
  }
  const source = program === "." ? "main.go" : `${program}/main.go`;
  const isReactor = isGoLibrary(join(dir, program));
  // A major version is not the name: example.com/hello/v2.
  const name = (program === "." ? module.replace(/\/v\d+$/, "") : program).split("/").at(-1) as string;
  return {
    label: `the ${isReactor ? "library" : "program"} ${name} in ${path}`,
    name,
    description: undefined,
    build: { language: "go", ...(source === "main.go" ? {} : { source }) },
    isCommand: !isReactor,
  };
}

const commandsIn = (dir: string): string[] =>
  existsSync(join(dir, "cmd"))
    ? readdirSync(join(dir, "cmd"))
        .filter((name) => isMain(join(dir, "cmd", name)))
        .map((name) => `cmd/${name}`)
    : [];
