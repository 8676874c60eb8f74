import { contains, lastFailedPath, unreached } from "./context.ts";
import type { ExplainContext, FailedPath } from "./context.ts";
import type { MissingGrant } from "./missing-grant.ts";

/** A path that the guest could not reach, if it is known, and whether it would have been written, if that is. */
export interface UnreachablePath {
  readonly path: string | undefined;
  readonly isWritten: boolean | undefined;
  /** Whether the call itself had an absolute path: no grant makes that work. */
  readonly isAbsolute: boolean;
}

export function unreachablePath(context: ExplainContext): UnreachablePath | undefined {
  const failed = lastFailedPath(context, "badf", "notcapable");
  if (failed) {
    const { path, call } = failed;
    const isAbsolute = path === call.args["path"] && path.startsWith("/");
    return { path: asGuestSays(path, context), isWritten: writes(failed), isAbsolute };
  }
  const said = unreached(context);
  return said && { path: said.path, isWritten: undefined, isAbsolute: false };
}

/** The path that the guest meant: Go leaves out the first slash if no preopen fits. */
function asGuestSays(path: string, { options, diagnostics }: ExplainContext): string {
  if (path.startsWith("/")) return path;
  const words = diagnostics.stderrTail.split(/[\s"'`:,;()]+/);
  return [...words, ...(options.args ?? [])].includes(`/${path}`) ? `/${path}` : path;
}

/** The directory to grant for a path: if that is not known, for an argument that is one, or the working directory. */
export function missingPreopen(
  { path, isWritten }: UnreachablePath,
  { options, preopens }: ExplainContext,
): Extract<MissingGrant, { kind: "preopen" }> {
  const argument = options.args?.find((it) => it.startsWith("/") && !preopens.some((preopen) => contains(preopen, it)));
  return { kind: "preopen", path: path ?? argument ?? ".", isWritten };
}

const onlyLook: ReadonlySet<string> = new Set(["path_filestat_get", "path_readlink"]);
const opensForChange: ReadonlySet<unknown> = new Set(["creat", "trunc", "fd_write"]);

/** Whether a failed call would have changed something. */
function writes({ call: { name, args } }: FailedPath): boolean {
  if (name !== "path_open") return !onlyLook.has(name);
  return [args["oflags"], args["fs_rights_base"]].flat().some((it) => opensForChange.has(it));
}
