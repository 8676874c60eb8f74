import type { InputRecorder } from "../record/inputs.ts";
import type { DetectedProgram } from "./detected-program.ts";
import type { ToolStatus } from "./tool-status.ts";

/** What is compiled, and how. */
export interface CompileOptions {
  /** The program's folder, absolute. */
  dir: string;
  /** The source, absolute. */
  source: string;
  /** Where the module will be written to, absolute. */
  module: string;
  /** Whether to keep names, and places in the sources, in the module. */
  debug: boolean;
  /** Records all that the compiler reads. */
  inputs: InputRecorder;
  /** Called with what the user should know: a line without its end. */
  log: (line: string) => void;
  /** Ends a compiler that is a process of its own. */
  signal?: AbortSignal | undefined;
}

/** For which program tools are installed, and who is informed. */
export interface InstallOptions {
  /** The program's folder: it may say which version of a tool it needs. */
  dir: string;
  /** Called with a line for each thing that is installed, and why. */
  log: (line: string) => void;
}

/**
 * A language that can be compiled: all that the compiler and the command line
 * know of it. An object of this kind loads nothing large before it is asked to.
 */
export interface Language {
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
  /**
   * Compiles a source to the bytes of a module.
   *
   * @throws BuildError `E_COMPILE` with the compiler's own message, or `E_TOOLCHAIN`
   */
  compile(options: CompileOptions): Promise<Uint8Array>;
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
