import type { Manifest, Run } from "@wasi-kit/manifest/browser";
import type { MissingGrant } from "../run/messages.ts";
import { normalized } from "./files.ts";
import type { Files } from "./files.ts";

/** What of a run's grants is to be changed. */
export type GrantChange = { -readonly [Key in "preopens"]?: Run[Key] };
type Preopens = NonNullable<Run["preopens"]>;

/**
 * What would grant what a run lacked.
 *
 * @returns undefined if only the user can know it: which argument, which variable
 */
export function suggestGrant(
  need: MissingGrant,
  { runs }: Manifest,
  name: string,
  files: Files,
): GrantChange | undefined {
  const own = runs[name]?.preopens ?? {};
  if (need.kind === "write") {
    const granted = own[need.preopen];
    if (granted === undefined || typeof granted === "string") return undefined;
    const { access: _access, ...rest } = granted;
    const isBare = "path" in rest && Object.keys(rest).length === 1;
    return { preopens: { ...own, [need.preopen]: isBare ? rest.path : rest } as Preopens };
  }
  if (need.kind !== "preopen") return undefined;
  const added = declaredElsewhere(need.path, runs, files) ?? directoryFor(need.path, need.isWritten === true, files);
  return { preopens: { ...own, ...added } };
}

/** A directory that leads to a path, as another run of the same manifest has it. */
function declaredElsewhere(path: string, runs: Manifest["runs"], files: Files): Preopens | undefined {
  const all = Object.values(runs).flatMap(({ preopens = {} }) => Object.entries(preopens));
  const found = all.find(([guest, granted]) => {
    const rest = pathBelow(guest, path);
    const host = typeof granted === "string" ? granted : "path" in granted ? granted.path : undefined;
    return rest !== undefined && host !== undefined && files.has(normalized(`${host}/${rest}`) ?? "");
  });
  return found && { [found[0]]: found[1] };
}

/** The directory of the project that has a file of that name; else an empty one in memory. */
function directoryFor(path: string, isWritten: boolean, files: Files): Preopens {
  const names = path.split("/");
  const name = names.pop() as string;
  const guest = path.startsWith("/") ? names.join("/") || "/" : ".";
  const holder = [...files.keys()].find((it) => it.endsWith(`/${name}`));
  if (holder === undefined) return { [guest]: { files: {} } };
  const host = holder.slice(0, -name.length - 1);
  return { [guest]: isWritten ? host : { path: host, access: "read-only" } };
}

function pathBelow(directory: string, path: string): string | undefined {
  const start = directory.endsWith("/") ? directory : `${directory}/`;
  return path.startsWith(start) ? path.slice(start.length) : undefined;
}
