import type { FunctionName, TracedCall, TracedDescriptor, TracedValue, WasiCall } from "@wasi-kit/runner";

/** What a run used of what it was granted, as far as its calls show. */
export interface Usage {
  /** Preopens, by guest path, that something was looked up, opened or listed through. */
  readonly reached: ReadonlySet<string>;
  /** Those in which a file was opened for writing. */
  readonly openedForWriting: ReadonlySet<string>;
  /** Those below which something was written, created, renamed, removed or given other times. */
  readonly changed: ReadonlySet<string>;
  /** What was asked for as a whole: a guest does not say which argument or variable it is after. */
  readonly asked: { readonly args: boolean; readonly variables: boolean; readonly stdin: boolean };
  /** What was asked for and not granted: each once. */
  readonly refused: readonly Refusal[];
}

/** Something that a guest asked for, and was not granted. */
export interface Refusal {
  /** The function of WASI that it called. */
  function: FunctionName;
  /** The path that it asked for, as it gave it; two where something was to be renamed or linked. */
  paths: readonly string[];
  /** Where that starts, as the guest could name it; null for a descriptor that was never granted. */
  in: string | null;
  /** Why it was refused. */
  reason: "outside" | "not-opened-for-it" | "no-such-preopen" | "read-only";
  /** How often. */
  times: number;
}

/** Watches the calls of a run. */
export interface UsageWatch {
  /** Takes each call of the run. */
  add(call: TracedCall): void;
  usage(): Usage;
}

/** Calls that find out which directories there are, and nothing of what is in them. */
const introductions: ReadonlySet<FunctionName> = new Set([
  "fd_prestat_get",
  "fd_prestat_dir_name",
  "fd_fdstat_get",
  "fd_close",
]);

/** Calls that change a directory, or a file in one. */
const changes: ReadonlySet<FunctionName> = new Set([
  "fd_allocate",
  "fd_filestat_set_size",
  "fd_filestat_set_times",
  "fd_pwrite",
  "fd_write",
  "path_create_directory",
  "path_filestat_set_times",
  "path_link",
  "path_remove_directory",
  "path_rename",
  "path_symlink",
  "path_unlink_file",
]);

/** Rights that a file is opened with which is to be written. */
const writingRights: readonly TracedValue[] = ["fd_write", "fd_allocate", "fd_filestat_set_size"];

/** The most refusals that are listed: a guest may try again and again. */
const maxRefusals = 1000;

/** Watches a run. */
export function watchUsage(): UsageWatch {
  const [reached, openedForWriting, changed] = [new Set<string>(), new Set<string>(), new Set<string>()];
  const asked = { args: false, variables: false, stdin: false };
  const refused = new Map<string, Refusal>();

  const refuse = (found: Omit<Refusal, "times">): void => {
    const key = JSON.stringify(found);
    const known = refused.get(key);
    if (known) known.times++;
    else if (refused.size < maxRefusals) refused.set(key, { ...found, times: 1 });
  };

  return {
    add(call) {
      if ("module" in call) return;
      const { name, args, errno } = call;
      if (name.startsWith("args_")) asked.args = true;
      if (name.startsWith("environ_")) asked.variables = true;
      for (const { path, preopen } of descriptorsIn(args)) {
        if (preopen === undefined) asked.stdin ||= path === "stdin" && !introductions.has(name);
        else {
          if (!introductions.has(name) || path !== preopen) reached.add(preopen);
          if (errno !== "success") continue;
          if (isChange(call)) changed.add(preopen);
          if (isOpenedForWriting(call)) openedForWriting.add(preopen);
        }
      }
      const refusal = refusalOf(call);
      if (refusal) refuse(refusal);
    },
    usage: () => ({ reached, openedForWriting, changed, asked: { ...asked }, refused: [...refused.values()] }),
  };
}

/** The descriptors that a guest passed; those that it waits for are in a list. */
function descriptorsIn(value: TracedValue): TracedDescriptor[] {
  if (typeof value !== "object") return [];
  if ("fd" in value && typeof value["fd"] === "number") return [value as TracedDescriptor];
  return Object.values(value as Readonly<Record<string, TracedValue>>).flatMap(descriptorsIn);
}

const has = (flags: TracedValue | undefined, wanted: readonly TracedValue[]): boolean =>
  Array.isArray(flags) && wanted.some((it) => flags.includes(it));

/** A file that is created or emptied is changed by being opened. */
const isChange = ({ name, args }: WasiCall): boolean => changes.has(name) || has(args["oflags"], ["creat", "trunc"]);

const isOpenedForWriting = ({ args }: WasiCall): boolean => has(args["fs_rights_base"], writingRights);

const pathKeys = ["path", "old_path", "new_path"] as const;

function refusalOf(call: WasiCall): Omit<Refusal, "times"> | undefined {
  const { name, args, errno } = call;
  const [start] = descriptorsIn(args);
  const paths = pathKeys.map((key) => args[key]).filter((it) => typeof it === "string");
  const refusal = { function: name, paths, in: start?.path ?? null };
  const takesPath = name.startsWith("path_");
  if (errno === "notcapable" && takesPath) return { ...refusal, reason: "outside" };
  // A stream can't be sought in, for instance: every program finds that out.
  if (errno === "notcapable" && start?.preopen !== undefined) return { ...refusal, reason: "not-opened-for-it" };
  if (errno === "rofs" && isChange(call)) return { ...refusal, reason: "read-only" };
  // The first descriptors are streams; after them come the preopens, if there are any.
  const isMissing = errno === "badf" && takesPath && start?.path === undefined;
  return isMissing ? { ...refusal, reason: "no-such-preopen" } : undefined;
}
