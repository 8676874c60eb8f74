import type { InputRecorder } from "../record/inputs.ts";
import type { DetectedProgram } from "./detected-program.ts";
import type { ToolStatus } from "./tool-status.ts";

/** How something is built. */
export interface BuildOptions {
  /** Whether to keep names, and places in the sources, in the module. */
  debug: boolean;
  /** Records all that the compiler reads. */
  inputs: InputRecorder;
  /** Called with what the user should know: a line without its end. */
  log: (line: string) => void;
  /** Ends a compiler that is a process of its own. */
  signal?: AbortSignal | undefined;
}

/** What is compiled, and how. */
export interface CompileOptions extends BuildOptions {
  /** The program's folder, absolute. */
  dir: string;
  /** The source, absolute. */
  source: string;
  /** Where the module will be written to, absolute. */
  module: string;
}

/**
 * Compiles a source to the bytes of a module. `compile.ts` in a language's folder exports it as `compile`.
 *
 * @throws BuildError `E_COMPILE` with the compiler's own message, or `E_TOOLCHAIN`
 */
export type Compile = (options: CompileOptions) => Promise<Uint8Array>;

/** For which program tools are installed, and who is informed. */
export interface InstallOptions {
  /** The program's folder: it may say which version of a tool it needs. */
  dir: string;
  /** Called with a line for each thing that is installed, and why. */
  log: (line: string) => void;
}

/** A line of a compiler's message, as a problem matcher of Visual Studio Code reads it: which group is what. */
export interface ProblemPattern {
  readonly regexp: string;
  readonly file?: number;
  readonly line?: number;
  readonly column?: number;
  readonly severity?: number;
  readonly code?: number;
  readonly message?: number;
}

/** What a new project in a language has besides its program. Plain data: it is kept as JSON. */
export interface ProjectFacts {
  /** What a reader changes first: a file or a folder. NAME is the program's name. */
  readonly edited: string;
  /** Its files, and what each is: `["src/main.rs", "the program"]`. A folder ends with `/`. NAME is the program's name. */
  readonly files: readonly (readonly [path: string, what: string])[];
  /** What its compiler leaves in the project's folder besides the module, as .gitignore has it. */
  readonly ignored: readonly string[];
  /** What it needs that npm does not install, as a sentence begins: `Rust needs its WASI target`. */
  readonly needs?: string;
  /** The steps that install that in a workflow of GitHub Actions, as YAML. */
  readonly steps: readonly string[];
  /** What helps editors, as a sentence in Markdown. */
  readonly editor?: string;
  /** The extensions of Visual Studio Code to recommend. */
  readonly extensions: readonly string[];
  /** How `wasi-kit build` shows an error of the compiler: one line, or several that follow each other. */
  readonly problems: readonly ProblemPattern[];
  /** Its settings, so that an editor sees what is built for WASI. Default: none. */
  readonly settings?: Readonly<Record<string, unknown>>;
}

/**
 * A language that can be compiled: all that is known of it besides its compiler. An object of this kind loads nothing
 * large before it is asked to. The compiler is in `compile.ts` beside it: see {@link Compile}.
 */
export interface Language {
  /** What it is called: `WAT`. */
  readonly title: string;
  /** A line for someone who has to choose: what it is like, and what it needs. */
  readonly about: string;
  /** The source, relative to the program's folder, unless wasi.json names another. NAME is the module's name. */
  readonly source: string;
  /** What shows that it is used in a folder, in words: `.wat file`. */
  readonly sign: string;
  /** Its sources in a program's folder: patterns as a shell has them. */
  readonly sources: readonly string[];
  /** What in its sources is a comment. */
  readonly comment: RegExp;
  /** What a new project has besides its program. */
  readonly project: ProjectFacts;
  /** How many programs to build at a time: 1 for a compiler that runs in this process. */
  readonly parallelBuilds: number;
  /** The files of a folder that show that the language is used there, relative to the folder. */
  findSources(dir: string): string[];
  /**
   * What such a file makes.
   *
   * @throws BuildError `E_PROJECT` if it makes nothing, or more than one program
   */
  detect(dir: string, source: string): Promise<DetectedProgram>;
  /** What the language is built with, and whether this machine has it. Installs nothing. */
  tools(dir: string): Promise<ToolStatus[]>;
  /**
   * Installs what is missing. Undefined for a language whose tools are dependencies of this package.
   *
   * @throws BuildError `E_TOOLCHAIN` with the command to type on this machine
   */
  installTools?(options: InstallOptions): Promise<unknown>;
  /** What of the environment decides what a build makes, hashed if it may be secret. Default: nothing. */
  environment?(): Readonly<Record<string, string>>;
}
