import type { BinaryIssue, InspectedExport, InspectedMemory, InspectedSection, Inspection } from "@wasi-kit/runner";
import { paint } from "../../ui/output.ts";
import { count, formatBytes } from "../../ui/format.ts";
import { asksFor } from "./asks-for.ts";
import { howToRun } from "./how-to-run.ts";
import type { Inspected } from "./how-to-run.ts";
import { labelWidth, limited, lineWidth, list, visible, wrap, wrappedColumns } from "../../ui/layout.ts";
import type { WrappedRow } from "../../ui/layout.ts";

/** A part of the report: what it is about, and its lines. */
type Block = readonly [label: string, lines: readonly string[]];

/** An inspection as a person reads it: what a module is, what it will ask for, how to run it, and what is in it. */
export function describe(inspection: Inspection, inspected: Inspected): string {
  const { kind, size, start, memories, exports, modules, targetFeatures, sections, unknown, malformed } = inspection;
  const groups: readonly (readonly Block[])[] = [
    [
      ["kind", [kinds[kind ?? "unknown"]]],
      ["WASI", wrap(wasi(inspection))],
      ["language", wrap(language(inspection))],
      ["made with", wrap(madeWith(inspection))],
      ["size", [formatBytes(size)]],
    ],
    [["asks for", asksFor(inspection)]],
    [["run it", runIt(inspection, inspected)]],
    [
      ["at start", start === null ? [] : ["a function of its own runs before any other is called"]],
      ["memory", limited(memories, (shown) => shown.flatMap((memory) => wrap(describeMemory(memory))))],
      ["exports", exports.length === 0 ? [kind === null ? "unknown" : "nothing"] : limited(exports, exported)],
      ["contents", wrap(contents(inspection))],
      ["modules", limited(modules, (shown) => shown.map(describeInner))],
      ["features", wrap(list(targetFeatures.map((feature) => feature.replace(/^\+/, ""))))],
      ["debugging", wrap(debugging(inspection))],
      ["sections", limited(sectionRows(sections), wrappedColumns)],
    ],
    [
      ["unknown", limited(unknown, (shown) => shown.flatMap((it) => wrap(`${place(it)}; what follows was left out`)))],
      ["malformed", malformed ? wrap(`${place(malformed)}. Above is what could be read until there.`) : []],
    ],
  ];
  const blocks = groups.map((group) => group.filter(([, lines]) => lines.length > 0).map(layOut));
  const title = paint(process.stdout, "strong", visible(inspected.path));
  return `${[[title], ...blocks.filter(({ length }) => length > 0)].map((lines) => lines.join("\n")).join("\n\n")}\n`;
}

function layOut([label, lines]: Block): string {
  const meaning = label === "unknown" || label === "malformed" ? "error" : "dim";
  const first = paint(process.stdout, meaning, label.padEnd(labelWidth));
  return lines.map((line, i) => `${i === 0 ? first : " ".repeat(labelWidth)}${visible(line)}`.trimEnd()).join("\n");
}

const kinds = {
  command: "a command: a program, which a host starts by calling _start",
  reactor: "a reactor: a library that uses WASI; a host calls what it exports",
  component: "a component, the format of WASI 0.2 and later",
  module: "a plain module: it has nothing to do with WASI",
  unknown: "unknown: what it exports could not be read",
} as const;

const versions: Readonly<Record<string, string>> = {
  preview1: "preview 1 (wasi_snapshot_preview1)",
  wasi_unstable: "the version before preview 1 (wasi_unstable)",
};

const wasi = ({ kind, wasi: found }: Inspection): string =>
  list(found.map((version) => versions[version] ?? version)) || (kind === null ? "unknown" : "none");

const language = ({ language: found }: Inspection): string =>
  found ? `${found.name} (recognized by ${found.by})` : "unknown: nothing in it is the mark of a compiler";

const madeWith = ({ producers }: Inspection): string =>
  list(
    Object.entries(producers)
      .filter(([field]) => field !== "language")
      .flatMap(([, tools]) => tools.map(({ name, version }) => `${name} ${version}`.trim())),
  );

/** The end of a line of a command that goes on in the next line. */
const continued = " \\";

function runIt(inspection: Inspection, inspected: Inspected): string[] {
  const { command, about } = howToRun(inspection, inspected);
  const lines = wrap(command, lineWidth - continued.length);
  return [...lines.map((line, i) => (i < lines.length - 1 ? line + continued : line)), ...wrap(about)];
}

const exported = (exports: readonly InspectedExport[]): string[] =>
  wrappedColumns(exports.map(({ name, kind, signature }): WrappedRow => [name, kind, signature ?? ""]));

function describeMemory({ minimumPages, maximumPages, pageBytes, ...memory }: InspectedMemory): string {
  const growth =
    maximumPages === null
      ? "at the start, and as many more as it asks for"
      : maximumPages === minimumPages
        ? "and never more"
        : `at the start, and up to ${maximumPages} (${binarySize(maximumPages * pageBytes)})`;
  return [
    `${count(minimumPages, "page")} (${binarySize(minimumPages * pageBytes)}) ${growth}`,
    ...(memory.shared ? ["shared by threads"] : []),
    ...(memory.is64 ? ["with addresses of 64 bits"] : []),
    ...(memory.imported ? [`imported as ${memory.imported.module}.${memory.imported.name}`] : []),
    ...(memory.exported.length > 0 ? [`exported as ${list(memory.exported)}`] : []),
  ].join("; ");
}

function contents({ kind, counts, imports }: Inspection): string {
  if (kind === "component") return "";
  const imported = imports.filter((it) => it.kind === "function").length;
  const numbers = [
    [counts.functions, "function", imported > 0 ? ` (${imported} imported)` : ""],
    [counts.types, "type", ""],
    [counts.tables, "table", ""],
    [counts.globals, "global", ""],
    [counts.tags, "tag", ""],
  ] as const;
  return [
    ...numbers.flatMap(([number, noun, more]) => (number > 0 ? [`${count(number, noun)}${more}`] : [])),
    ...(counts.dataBytes > 0 ? [`${formatBytes(counts.dataBytes)} of data`] : []),
  ].join(", ");
}

const describeInner = ({ kind, size, language: found }: Inspection): string =>
  `${kind === "component" ? "component" : "core module"}, ${formatBytes(size)}${found ? `, ${found.name}` : ""}`;

function debugging({ kind, malformed, debug, sections }: Inspection): string {
  const dwarf = sections.reduce((sum, { name, size }) => (name.startsWith(".debug_") ? sum + size : sum), 0);
  const found = [
    ...(debug.functionNames > 0 ? [`names of ${count(debug.functionNames, "function")}`] : []),
    ...(debug.dwarf.length > 0 ? [`files and lines (DWARF, ${formatBytes(dwarf)})`] : []),
    ...(debug.sourceMapUrl === null ? [] : [`a source map: ${debug.sourceMapUrl}`]),
    ...(debug.externalUrl === null ? [] : [`more in ${debug.externalUrl}`]),
  ].join(", ");
  // It is at the end of a module: one that was cut short may have had some.
  if (found !== "" || kind === "component" || malformed) return found;
  return "no names, no lines: a trace shows functions by their numbers";
}

/** A row for all sections of a name: a component has many of one. */
function sectionRows(sections: readonly InspectedSection[]): WrappedRow[] {
  const sums = new Map<string, InspectedSection>();
  for (const section of sections) {
    const key = `${section.name} ${section.custom}`;
    const { size = 0, count: entries = null } = sums.get(key) ?? {};
    const sum = entries === null ? section.count : entries + (section.count ?? 0);
    sums.set(key, { ...section, size: size + section.size, count: sum });
  }
  return Array.from(sums.values(), ({ name, custom, size, count: entries }) => [
    name,
    formatBytes(size),
    custom ? "custom" : entries === null ? "" : count(entries, "entry"),
  ]);
}

const place = ({ offset, message }: BinaryIssue): string => `at byte ${offset}: ${message}`;

const units = ["bytes", "KiB", "MiB", "GiB", "TiB"] as const;

/** Memory is counted in powers of two. */
function binarySize(bytes: number): string {
  const unit = Math.min(Math.floor(Math.log2(Math.max(bytes, 1)) / 10), units.length - 1);
  return `${Number((bytes / 1024 ** unit).toFixed(1))} ${units[unit]}`;
}
