/**
 * Thrown for a form that is not known here, such as a type of a later proposal.
 * Its size is not known either, so what follows it in its section can't be read.
 */
export class UnknownFormError extends Error {
  /** Where, in bytes from the file's start. */
  readonly offset: number;

  constructor(offset: number, message: string) {
    super(message);
    this.name = "UnknownFormError";
    this.offset = offset;
  }
}

/** The number of a form in a message. */
export const hex = (number: number): string => `0x${number.toString(16).padStart(2, "0")}`;
