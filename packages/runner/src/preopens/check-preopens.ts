import { WasiKitError } from "../error.ts";
import type { Host } from "../host/host.ts";
import { fileLimitRules } from "../limits/limits.ts";
import { checkOptionRules, fileSystem, filesByName, text } from "../option-rules.ts";
import type { OptionRules } from "../option-rules.ts";
import { accesses, normalizePreopen } from "./preopen.ts";
import type { FilesPreopen, FileSystemPreopen, HostPreopen, NormalizedPreopen, Preopen, Preopens } from "./preopen.ts";

/** What each key of a preopen may be, by the key that says where its files are. An access is checked with the rest. */
const rules: {
  readonly path: OptionRules<HostPreopen>;
  readonly files: OptionRules<FilesPreopen>;
  readonly fileSystem: OptionRules<FileSystemPreopen>;
} = {
  path: { path: text, access: text, ...fileLimitRules },
  files: { files: filesByName, access: text, ...fileLimitRules },
  fileSystem: { fileSystem, access: text, ...fileLimitRules },
};

function checkKeys(guestPath: string, granted: Preopen): void {
  if (typeof granted === "string" || "open" in granted) return;
  const places = Object.keys(rules) as (keyof typeof rules)[];
  const place = places.find((it) => it in granted);
  checkOptionRules<object>(granted, rules[place ?? "path"], `the preopen ${guestPath}`);
  if (place) return;
  throw new WasiKitError(
    "E_PREOPEN",
    `The preopen ${guestPath} names no directory. It needs one of these keys: ${places.join(", ")}.`,
  );
}

/**
 * @throws WasiKitError `E_PREOPEN` for a guest path or an access that is not valid, or a host directory that is missing;
 * `E_OPTION` for a key that there is not
 */
export function checkPreopens(preopens: Preopens, { files }: Host): void {
  for (const [guestPath, granted] of Object.entries(preopens)) {
    checkKeys(guestPath, granted);
    const full = normalizePreopen(granted);
    if (guestPath === "" || guestPath.includes("\0")) {
      const what = "path" in full ? full.path : "a directory in memory";
      throw new WasiKitError(
        "E_PREOPEN",
        `A preopen needs a guest path, and that for ${what} is ${JSON.stringify(guestPath)}.`,
      );
    }
    checkAccess(guestPath, full);
    if ("path" in full) files?.checkDirectory(guestPath, full.path);
  }
}

// A mistyped "read-only" must not grant more than was meant.
function checkAccess(guestPath: string, full: NormalizedPreopen): void {
  const possible = Object.keys(accesses).filter((it) => "path" in full || it !== "copy-on-write");
  if (possible.includes(full.access)) return;
  const allowed = possible
    .map((it) => JSON.stringify(it))
    .join(", ")
    .replace(/, (?=[^,]*$)/, " or ");
  throw new WasiKitError(
    "E_PREOPEN",
    `The preopen ${guestPath} has the access ${JSON.stringify(full.access)}. It can be ${allowed}.`,
  );
}
