import { errnoText } from "../preview1/errno-text.ts";
import type { ErrnoName } from "../preview1/errno.ts";
import { functions } from "../preview1/functions.ts";
import type { Parameter, ParameterType } from "../preview1/functions.ts";
import { escape } from "../printable.ts";
import type { TracedCall, TracedData, TracedDescriptor, TracedValue, TracedValues } from "./traced-call.ts";

/** The most characters of data that a line shows, and the most names of a set. */
const mostShown = 60;
const mostNames = 3;

/** What speaks for itself, without the name of its parameter. */
const bare: ReadonlySet<ParameterType> = new Set([
  "fd",
  "path",
  "ciovecs",
  "iovecs",
  "clockid",
  "advice",
  "whence",
  "exitcode",
  "subscriptions",
  "ptr<fd>",
  "ptr<bytes>",
  "ptr<strings>",
  "ptr<dirents>",
  "ptr<events>",
]);

/**
 * A call as a line, as strace writes one:
 * `fd_read(4</sandbox/a.txt>) = "hello\n" (6 bytes)  0.031 ms`. Data is
 * shortened, and flags that are not set, the sizes of what is shown and the
 * rights that a new descriptor passes on are left out: JSON has them all.
 */
export function formatCall({ name, given, errno, answer = {}, durationMs }: TracedCall): string {
  const parameters: readonly Parameter[] = functions[name];
  const args = values(parameters, given).join(", ");
  const time = durationMs === undefined ? "" : `  ${durationMs.toFixed(3)} ms`;
  if (errno === undefined) return `${name}(${args})`;
  if (errno !== "success") return `${name}(${args}) = ${describeErrno(errno)}${time}`;
  const isMoved = parameters.some(([, type]) => type === "ptr<bytes>" || type === "ptr<dirents>" || type === "iovecs");
  const told = parameters.filter(([, type]) => !(isMoved && type === "ptr<size>"));
  return `${name}(${args}) = ${values(told, answer, true).join(", ") || "success"}${time}`;
}

/** `noent (No such file or directory)` */
function describeErrno(name: ErrnoName): string {
  const meaning = errnoText[name];
  return meaning ? `${name} (${meaning})` : name;
}

function values(parameters: readonly Parameter[], found: TracedValues, isAnswer = false): string[] {
  const numbers = parameters.filter(([key]) => found[key] !== undefined);
  return parameters.flatMap(([key, type]) => {
    const value = found[key];
    if (value === undefined || key === "fs_rights_inheriting" || (Array.isArray(value) && isUnset(type, value)))
      return [];
    const shown = show(value, type);
    return bare.has(type) || (isAnswer && numbers.length === 1) ? [shown] : [`${key}=${shown}`];
  });
}

const isSet = (type: ParameterType): boolean => type.endsWith("flags") || type === "rights";
const isUnset = (type: ParameterType, value: readonly TracedValue[]): boolean => isSet(type) && value.length === 0;

function show(value: TracedValue, type: ParameterType): string {
  if (typeof value === "number") return String(value);
  if (typeof value === "string") return type === "path" ? quote(value) : value;
  if (isList(value)) return isSet(type) ? names(value) : `[${value.map((it) => element(it, type)).join(", ")}]`;
  if ("size" in value) return showData(value as TracedData);
  if ("fd" in value && typeof value["fd"] === "number") return showDescriptor(value as TracedDescriptor);
  return fields(value as TracedValues);
}

/** What stands in a list: strings are quoted, a directory's entries end with / as in ls -p. */
function element(value: TracedValue, type: ParameterType): string {
  if (typeof value === "string") return quote(value);
  if (type !== "ptr<dirents>") return show(value, type);
  const { name, d_type: filetype } = value as { name: string; d_type: string };
  return quote(filetype === "directory" ? `${name}/` : name);
}

const isList = (value: TracedValue): value is readonly TracedValue[] => Array.isArray(value);

/** `{filetype=regular_file, filesize=5}`: times and numbers of the host's would differ from run to run. */
const hostsOwn: ReadonlySet<string> = new Set(["dev", "ino", "atim", "mtim", "ctim", "fs_rights_inheriting"]);

function fields(value: TracedValues): string {
  const shown = Object.entries(value).filter(
    ([key, it]) => !hostsOwn.has(key) && !(Array.isArray(it) && it.length === 0),
  );
  const texts = shown.map(([key, it]) => `${key}=${isList(it) ? names(it) : show(it, "ptr")}`);
  return shown.length === 1 ? texts[0]! : `{${texts.join(", ")}}`;
}

/** Rights that say what a file or directory is opened for come first: programs ask for many more. */
const telling: readonly TracedValue[] = ["fd_readdir", "fd_write", "fd_read"];

function names(value: readonly TracedValue[]): string {
  const sorted = value.toSorted((a, b) => telling.indexOf(b) - telling.indexOf(a));
  const isCut = value.length > mostNames + 1;
  return isCut ? `${sorted.slice(0, mostNames).join("|")}|… (${value.length})` : sorted.join("|");
}

/** `4</sandbox/a.txt>` */
function showDescriptor({ fd, path }: TracedDescriptor): string {
  return path === undefined ? String(fd) : `${fd}<${escape(path)}>`;
}

function showData(data: TracedData): string {
  const { size } = data;
  const bytes = `${size} byte${size === 1 ? "" : "s"}`;
  if ("text" in data) return `${quote(data.text)} (${bytes})`;
  const hex = Buffer.from(data.base64, "base64").toString("hex");
  return `${hex.length > mostShown ? `${hex.slice(0, mostShown)}…` : hex} (${bytes})`;
}

function quote(text: string): string {
  // By characters, so that none is cut in two; no more of them are looked at than can be shown.
  const shown = Array.from(text.slice(0, 2 * mostShown));
  const isCut = shown.length > mostShown || text.length > 2 * mostShown;
  const escaped = escape(shown.slice(0, mostShown).join(""))
    .replaceAll('"', '\\"')
    .replaceAll("\n", "\\n")
    .replaceAll("\t", "\\t");
  return `"${escaped}${isCut ? "…" : ""}"`;
}
