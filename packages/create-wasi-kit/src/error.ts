/** What a {@link CreateError} is about. */
export type CreateErrorCode =
  /** The command line can't be understood. */
  | "E_USAGE"
  /** There is no such example. */
  | "E_EXAMPLE"
  /** npm refuses the name. */
  | "E_NAME"
  /** What the target has in it is in the way. */
  | "E_TARGET"
  /** What declares the packages of a workspace can't be read. */
  | "E_WORKSPACE"
  /** The target can't be written. */
  | "E_WRITE"
  /** What the project needs could not be installed. */
  | "E_INSTALL"
  /** A question was answered with Ctrl-C or Escape. */
  | "E_CANCELLED";

/** The exit status that stands for each on a command line; 130 is a shell's for Ctrl-C. */
const exitCodes: Readonly<Record<CreateErrorCode, number>> = {
  E_USAGE: 2,
  E_EXAMPLE: 2,
  E_NAME: 2,
  E_TARGET: 2,
  E_WORKSPACE: 2,
  E_WRITE: 1,
  E_INSTALL: 1,
  E_CANCELLED: 130,
};

/** Thrown where a project can't be created; the message says what is in the way, and what to do. */
export class CreateError extends Error {
  /** What went wrong, for programs. */
  readonly code: CreateErrorCode;
  /** The exit status that stands for it on a command line. */
  readonly exitCode: number;

  constructor(code: CreateErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "CreateError";
    this.code = code;
    this.exitCode = exitCodes[code];
  }
}
