/** The most that may be made below a directory, or below all directories of a guest. */
export interface FileLimits {
  /**
   * The most that may be written to files, in bytes: a call that would exceed it
   * writes nothing, and fails with `dquot`. What is written over another time
   * counts another time, a gap of zeros that a write or a new size leaves counts
   * too, and what is removed is not given back. Default: no limit.
   */
  readonly maxWrittenBytes?: number | undefined;
  /**
   * The most files, directories and links that may be made: one more fails with
   * `dquot`. What is removed is not given back. Default: no limit.
   */
  readonly maxFiles?: number | undefined;
}

/** The most that a guest may use. */
export interface WasiLimits extends FileLimits {
  /**
   * The most descriptors that may be open at the same time, those of stdin,
   * stdout, stderr and the preopens included: to open one more fails with
   * `mfile`. At most 65,536, which is the default.
   */
  readonly maxDescriptors?: number | undefined;
  /**
   * How many names deep below its preopen a path may lead, once its links and
   * dots are resolved: a deeper one fails with `nametoolong`, and so does moving a
   * directory if something in it would be deeper. Default: no limit.
   */
  readonly maxDepth?: number | undefined;
}

/** A limit by its name. */
export type WasiLimitName = keyof WasiLimits;
