import { errnoText, functions } from "@wasi-kit/wasi/abi";
import type { ErrnoName, Parameter, ParameterType } from "@wasi-kit/wasi/abi";
import { escapeUnprintable } from "../text/printable.ts";
import { perFunction } from "./per-function.ts";
import type {
  HostCall,
  TracedCall,
  TracedData,
  TracedDescriptor,
  TracedValue,
  TracedValues,
  WasiCall,
} from "./traced-call.ts";

/** How many characters of data a line shows, and how many names of a set. */
const maxShown = 60;
const maxNames = 3;

/** Parameters whose values are clear without a name. */
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
 * Formats a call as a line, like strace:
 * `fd_read(4</sandbox/a.txt>) = "hello\n" (6 bytes)  0.031 ms`. Data is shortened.
 * Flags that are not set, the sizes of data that is shown, and inherited rights are
 * left out; the call as JSON has them all.
 */
export function formatCall(call: TracedCall): string {
  return "module" in call ? formatHostCall(call) : formatWasiCall(call);
}

/** `env.add(1, 2) = 3  0.002 ms` */
function formatHostCall({ module, name, args, results, durationMs }: HostCall): string {
  const call = `${module}.${name}(${args.join(", ")})`;
  if (!results) return escapeUnprintable(call);
  const shown = results.length === 1 ? String(results[0]) : `(${results.join(", ")})`;
  return escapeUnprintable(`${call} = ${shown}${formatDuration(durationMs)}`);
}

const formatDuration = (durationMs: number | undefined): string =>
  durationMs === undefined ? "" : `  ${durationMs.toFixed(3)} ms`;

function formatWasiCall({ name, args, errno, results = {}, durationMs }: WasiCall): string {
  const shown = shownOf(name);
  const call = `${name}(${values(shown.args, args, false)})`;
  if (errno === undefined) return call;
  const time = formatDuration(durationMs);
  if (errno !== "success") return `${call} = ${describeErrno(errno)}${time}`;
  return `${call} = ${values(shown.results, results, true) || "success"}${time}`;
}

/** The parameters that a line shows. */
const shownOf = perFunction((name) => {
  const all: readonly Parameter[] = functions[name];
  const isMoved = all.some(([, type]) => type === "ptr<bytes>" || type === "ptr<dirents>" || type === "iovecs");
  return {
    args: all.filter(([key]) => key !== "fs_rights_inheriting"),
    results: all.filter(([, type]) => !(isMoved && type === "ptr<size>")),
  };
});

/** `noent (No such file or directory)` */
function describeErrno(name: ErrnoName): string {
  const meaning = errnoText[name];
  return meaning ? `${name} (${meaning})` : name;
}

/** @param isResult - whether a single value needs no name */
function values(parameters: readonly Parameter[], found: TracedValues, isResult: boolean): string {
  let line = "";
  let alone = "";
  let count = 0;
  for (const [key, type] of parameters) {
    const value = found[key];
    if (value === undefined || (isSet(type) && (value as readonly TracedValue[]).length === 0)) continue;
    alone = show(value, type);
    line += `${count++ > 0 ? ", " : ""}${bare.has(type) ? alone : `${key}=${alone}`}`;
  }
  return isResult && count === 1 ? alone : line;
}

const sets: ReadonlySet<ParameterType> = new Set([
  "fdflags",
  "fstflags",
  "lookupflags",
  "oflags",
  "riflags",
  "siflags",
  "sdflags",
  "rights",
]);
const isSet = (type: ParameterType): boolean => sets.has(type);

function show(value: TracedValue, type: ParameterType): string {
  if (typeof value === "number") return String(value);
  if (typeof value === "string") return type === "path" ? quote(value) : value;
  if (isList(value)) return isSet(type) ? formatSet(value) : `[${value.map((it) => element(it, type)).join(", ")}]`;
  if ("size" in value) return showData(value as TracedData);
  if ("fd" in value && typeof value["fd"] === "number") return showDescriptor(value as TracedDescriptor);
  return fields(value as TracedValues);
}

/** An entry of a list: strings are quoted, a directory's entries end with / as in ls -p. */
function element(value: TracedValue, type: ParameterType): string {
  if (typeof value === "string") return quote(value);
  if (type !== "ptr<dirents>") return show(value, type);
  const { name, d_type: filetype } = value as { name: string; d_type: string };
  return quote(filetype === "directory" ? `${name}/` : name);
}

const isList = (value: TracedValue): value is readonly TracedValue[] => Array.isArray(value);

/** What differs from host to host and from run to run is left out: `{filetype=regular_file, filesize=5}`. */
const hostSpecific: ReadonlySet<string> = new Set(["dev", "ino", "atim", "mtim", "ctim", "fs_rights_inheriting"]);

function fields(value: TracedValues): string {
  const texts: string[] = [];
  for (const [key, it] of Object.entries(value)) {
    if (hostSpecific.has(key) || (isList(it) && it.length === 0)) continue;
    texts.push(`${key}=${isList(it) ? formatSet(it) : show(it, "ptr")}`);
  }
  return texts.length === 1 ? texts[0]! : `{${texts.join(", ")}}`;
}

/** Rights that say what a file or directory is opened for come first: programs ask for many more. */
const importantRights: readonly TracedValue[] = ["fd_readdir", "fd_write", "fd_read"];

/** Sets as they were shown before: the same few come again and again. */
const shownSets = new WeakMap<readonly TracedValue[], string>();

function formatSet(value: readonly TracedValue[]): string {
  const known = shownSets.get(value);
  if (known !== undefined) return known;
  const sorted = value.toSorted((a, b) => importantRights.indexOf(b) - importantRights.indexOf(a));
  const isCut = value.length > maxNames + 1;
  const text = isCut ? `${sorted.slice(0, maxNames).join("|")}|… (${value.length})` : sorted.join("|");
  shownSets.set(value, text);
  return text;
}

/** `4</sandbox/a.txt>` */
function showDescriptor({ fd, path }: TracedDescriptor): string {
  return path === undefined ? String(fd) : `${fd}<${printableAscii.test(path) ? path : escapeUnprintable(path)}>`;
}

function showData(data: TracedData): string {
  const { size } = data;
  const bytes = `${size} byte${size === 1 ? "" : "s"}`;
  if ("text" in data) return `${quote(data.text)} (${bytes})`;
  // Four characters stand for three bytes, which are six digits.
  const shown = Array.from(atob(data.base64.slice(0, maxShown)), (it) =>
    it.charCodeAt(0).toString(16).padStart(2, "0"),
  );
  const hex = shown.join("");
  return `${hex.length > maxShown ? `${hex.slice(0, maxShown)}…` : hex} (${bytes})`;
}

const plain = /^[ !#-[\]-~]*$/;
const printableAscii = /^[ -~\n\t]*$/;
const escapes: Readonly<Record<string, string>> = { '"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t" };

function quote(text: string): string {
  if (text.length <= maxShown && plain.test(text)) return `"${text}"`;
  // By characters, so that none is cut in two; no more of them are looked at than can be shown.
  const start =
    text.length <= maxShown
      ? text
      : Array.from(text.slice(0, 2 * maxShown))
          .slice(0, maxShown)
          .join("");
  const end = start.length < text.length ? "…" : "";
  if (printableAscii.test(start)) return `"${start.replaceAll(/["\\\n\t]/g, (it) => escapes[it] as string)}${end}"`;
  return `"${escapeUnprintable(start).replaceAll(/["\n\t]/g, (it) => escapes[it] as string)}${end}"`;
}
