/** Thrown if bytes end too early or break the format. */
export class MalformedError extends Error {
  /** Where, in bytes from the file's start. */
  readonly offset: number;

  constructor(offset: number, message: string) {
    super(message);
    this.name = "MalformedError";
    this.offset = offset;
  }
}
