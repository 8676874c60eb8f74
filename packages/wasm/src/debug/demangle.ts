/**
 * A function's name as the sources have it: `_ZN9read_file4main17h…E` is
 * `read_file::main` in Rust, and `main.twice__anon_24` is `main.twice` in Zig. For
 * C++ the linker does it. A name that is not Rust's, or of a kind that is not known
 * here (a method of an implementation, mangled in the new way), stays as it is.
 *
 * @see https://doc.rust-lang.org/rustc/symbol-mangling/
 */
export function demangle(name: string): string {
  return (demangleLegacy(name) ?? demangleLinked(name) ?? demangleV0(name) ?? demangleZig(name))?.join("::") ?? name;
}

/** The components of a path, or undefined if a name is of another kind. */
type Demangle = (name: string) => string[] | undefined;

const demangleLegacy: Demangle = (name) => {
  const [, path = ""] = /^_ZN(.+)17h[0-9a-f]{16}E$/.exec(name) ?? [];
  const found = readIdentifiers(path, /^(\d{1,6})/);
  return found.rest === "" && path !== "" ? found.identifiers.map(unescape) : undefined;
};

/** What a linker leaves of a legacy name if it took it for one of C++, which it looks like. */
const demangleLinked: Demangle = (name) => {
  const [, path] = /^(.+)::h[0-9a-f]{16}$/.exec(name) ?? [];
  return path?.split("::").map(unescape);
};

/** The escapes of the legacy mangling, by what is between two dollar signs. */
const escapes: Readonly<Record<string, string>> = {
  SP: "@",
  BP: "*",
  RF: "&",
  LT: "<",
  GT: ">",
  LP: "(",
  RP: ")",
  C: ",",
};

/** `_$LT$alloc..string..String$GT$` is `<alloc::string::String>`. */
function unescape(identifier: string): string {
  return identifier
    .replace(/^_(?=\$)/, "")
    .replaceAll("..", "::")
    .replaceAll(/\$(?:u([0-9a-f]{1,5})|([A-Z]+))\$/g, (escaped, hex?: string, word = "") =>
      hex === undefined ? (escapes[word] ?? escaped) : String.fromCodePoint(parseInt(hex, 16)),
    );
}

/**
 * A path of a crate, modules and functions. Of a generic one (`I`) the
 * arguments are left out, and the crate that a name may end with. `N` and a letter for each step come first: `C` for a closure.
 *
 * @see https://doc.rust-lang.org/rustc/symbol-mangling/v0.html#path-nested-path
 */
const demangleV0: Demangle = (name) => {
  const [, generic, steps = "", path] = /^_R(I?)((?:N[A-Za-z])*)C(.*)$/.exec(name) ?? [];
  if (path === undefined) return undefined;
  // A number that tells equal ones apart, a length, and an underscore before a digit or another underscore.
  const { identifiers, rest } = readIdentifiers(path, /^(?:s[0-9A-Za-z]*_)?(0|[1-9]\d{0,5})_?/, steps.length / 2 + 1);
  if (identifiers.length <= steps.length / 2 || !(generic || /^[BC.]|^$/.test(rest))) return undefined;
  const kinds = [...steps.replaceAll("N", "")].toReversed();
  return identifiers.map((it, i) => (kinds[i - 1] === "C" ? "{closure}" : it));
};

/** A number tells apart the functions that a generic one becomes. */
const demangleZig: Demangle = (name) => {
  const [, path] = /^([\w.]+\.\w+?)__(?:anon|func)_\d+$/.exec(name) ?? [];
  return path === undefined ? undefined : [path];
};

/** Reads identifiers from the start of a text, each with its length before it. */
function readIdentifiers(text: string, length: RegExp, max = Infinity): { identifiers: string[]; rest: string } {
  const identifiers: string[] = [];
  let rest = text;
  while (identifiers.length < max) {
    const [before, digits] = length.exec(rest) ?? [];
    if (before === undefined || before.length + Number(digits) > rest.length) break;
    identifiers.push(rest.slice(before.length, before.length + Number(digits)));
    rest = rest.slice(before.length + Number(digits));
  }
  return { identifiers, rest };
}
