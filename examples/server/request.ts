import type { Context } from "hono";
import type { PoolRunOptions } from "@wasi-kit/runner";

/** What a request asks a program to do. */
export interface ProgramRequest {
  args: string[];
  stdin: Uint8Array;
  /** Files that were uploaded, by name. */
  files: Record<string, Uint8Array>;
}

/**
 * Reads a request. The body is what the program reads from stdin; a form has
 * files, which the program finds in `/work`, and may have a field `stdin`.
 */
export async function readRequest(c: Context): Promise<ProgramRequest> {
  const args = c.req.queries("arg") ?? [];
  if (!/^multipart\/form-data\b/i.test(c.req.header("content-type") ?? "")) {
    return { args, stdin: new Uint8Array(await c.req.arrayBuffer()), files: {} };
  }
  const files: Record<string, Uint8Array> = {};
  let stdin = new Uint8Array();
  for (const [field, value] of await c.req.formData()) {
    const bytes = typeof value === "string" ? Buffer.from(value) : new Uint8Array(await value.arrayBuffer());
    if (field === "stdin") stdin = new Uint8Array(bytes);
    else files[fileName(typeof value === "string" ? field : value.name)] = bytes;
  }
  return { args, stdin, files };
}

/** A name in `/work`: the last part of what a client sent, which may be a path of its own. */
const fileName = (name: string): string => name.split(/[/\\]/).at(-1) || "file";

/** What a program is granted: its request, a directory of its own, and one that all share, where each sees its own changes. */
export const grants = ({ args, stdin, files }: ProgramRequest, shared: string): PoolRunOptions => ({
  args,
  stdin,
  preopens: {
    "/work": { files },
    "/shared": { path: shared, access: "copy-on-write" },
  },
});
