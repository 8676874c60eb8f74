/**
 * Thrown for a form that is not known here, a type of a later proposal say: its
 * size is not known either, so that what follows it in its section can't be read.
 */
export class NotKnownError extends Error {
  readonly offset: number;

  constructor(offset: number, message: string) {
    super(message);
    this.name = "NotKnownError";
    this.offset = offset;
  }
}

/** A number of a form in a message. */
export const hex = (number: number): string => `0x${number.toString(16).padStart(2, "0")}`;
