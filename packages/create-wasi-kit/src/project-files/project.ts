import type { PackageManager } from "../package-manager.ts";

/** A project as its files speak of it. */
export interface Project {
  /** The package's name. */
  name: string;
  /** The program's: the package's without a scope. */
  program: string;
  /** What the program does, in a line. */
  description: string;
  /** Its name in wasi.json: `rust`. */
  language: string;
  /** Whether it is a project of its own, with an editor's and CI's files, and no package of a workspace. */
  isOnItsOwn: boolean;
  packageManager: PackageManager;
  /** What package.json pins: a package manager and its version. */
  pinned: string;
  /** The runs that wasi.json declares; there is at least one. */
  runs: readonly string[];
  /** The program's own files: path to text. */
  files: Readonly<Record<string, string>>;
}

/** A library is called by a program of its host's; it has no run of its own. */
export const isLibrary = ({ files }: Project): boolean => "host.ts" in files;
