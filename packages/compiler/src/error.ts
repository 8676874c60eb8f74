/** What a {@link BuildError} is about. */
export type BuildErrorCode =
  /** The source does not compile; the message holds the compiler's own. */
  | "E_COMPILE"
  /** The source is not there. */
  | "E_SOURCE_NOT_FOUND"
  /** A compiler or its target is missing and could not be provided. */
  | "E_TOOLCHAIN"
  /** An option that there is not, that is missing, or has a value that it can't have. */
  | "E_OPTION"
  /** It can't be found out what a folder's sources build. */
  | "E_PROJECT"
  /** The operating system refused something: a folder can't be written, a disk is full. */
  | "E_SYSTEM";

/** Thrown if a module can't be built. */
export class BuildError extends Error {
  /** What went wrong, for programs. */
  readonly code: BuildErrorCode;
  /** The exit status that stands for it on a command line. */
  readonly exitCode: number;

  constructor(code: BuildErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "BuildError";
    this.code = code;
    this.exitCode = code === "E_OPTION" || code === "E_PROJECT" || code === "E_SYSTEM" ? 2 : 1;
  }
}
