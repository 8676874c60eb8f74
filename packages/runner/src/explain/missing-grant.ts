/** What a run would need to be granted. */
export type MissingGrant =
  /** A directory that contains a path. `isWritten`: whether the guest tried to write there; undefined if that is not known. */
  | { readonly kind: "preopen"; readonly path: string; readonly isWritten: boolean | undefined }
  /** Write access to a preopen that is read-only. */
  | { readonly kind: "write"; readonly preopen: string }
  | { readonly kind: "args" }
  | { readonly kind: "env" };
