/** What debug information needs of a host that has files. Without it, only what is in the module itself is found. */
export interface DebugFiles {
  /**
   * Reads the source map that a module names by a URL that is not a data: URL.
   *
   * @param module - the module's path, if it has one
   * @returns its text; undefined if there is no map, or none that may be read
   */
  readSourceMap(url: string, module: string | undefined): string | undefined;
  /**
   * The path of a source that a map names.
   *
   * @param root - where the map has its sources, relative to the module
   */
  sourcePath(source: string, root: string, module: string | undefined): string;
  /** A path as compilers show it: relative to the working directory if it lies below it. */
  shownPath(path: string): string;
}
