/** What a run would have to be granted. */
export type Need =
  /** A directory that leads to a path; its access where that is known. */
  | { readonly kind: "preopen"; readonly path: string; readonly isWritten: boolean | undefined }
  /** Write access to a preopen that is read-only. */
  | { readonly kind: "write"; readonly preopen: string }
  | { readonly kind: "args" }
  | { readonly kind: "env" };
