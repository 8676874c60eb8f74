/** Thrown for a wasi.json that can't be used; the message names the file, the key and what is allowed there. */
export class ManifestError extends Error {
  /** What went wrong, for programs. */
  readonly code = "E_MANIFEST";
  /** The exit status that stands for it on a command line. */
  readonly exitCode = 2;

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "ManifestError";
  }
}
