import type { Inspection } from "../run/messages.ts";
import { element, table } from "../ui/element.ts";

/** What the module is, holds and asks for. */
export interface ModulePane {
  readonly element: HTMLElement;
  show(inspection: Inspection | string): void;
  /** Marks an import, and scrolls to it. @returns whether there is one */
  showImport(module: string | undefined, name: string): boolean;
}

const wasiModules = /^wasi_(snapshot_preview1|unstable)$/;

export function createModulePane(): ModulePane {
  const made = element(
    "div",
    { class: "module" },
    element("p", { class: "hint" }, "Run a program, or drop a .wasm file here."),
  );
  let rows: { readonly module: string | null; readonly name: string; readonly row: HTMLTableRowElement }[] = [];
  return {
    element: made,
    show(inspection) {
      rows = [];
      if (typeof inspection === "string") {
        made.replaceChildren(element("pre", { class: "problem" }, inspection));
        return;
      }
      const imports = table(
        "Imports",
        ["Module", "Name", "Kind", "Type"],
        inspection.imports.map(({ module, name, kind, signature }) => [module ?? "", name, kind, signature ?? ""]),
      );
      rows = inspection.imports.map(({ module, name }, i) => ({
        module,
        name,
        row: (imports.tBodies[0] as HTMLTableSectionElement).rows[i] as HTMLTableRowElement,
      }));
      made.replaceChildren(
        facts(inspection),
        imports,
        table(
          "Exports",
          ["Name", "Kind", "Type"],
          inspection.exports.map(({ name, kind, signature }) => [name, kind, signature ?? ""]),
        ),
        table(
          "Sections",
          ["Name", "Offset", "Bytes", "Entries"],
          inspection.sections.map(({ name, offset, size, count }) => [
            name,
            String(offset),
            String(size),
            count === null ? "" : String(count),
          ]),
        ),
      );
    },
    showImport(module, name) {
      for (const it of rows) it.row.classList.remove("marked");
      const found = rows.find(
        (it) => it.name === name && (module ? it.module === module : wasiModules.test(it.module ?? "")),
      );
      found?.row.classList.add("marked");
      found?.row.scrollIntoView({ block: "center" });
      return found !== undefined;
    },
  };
}

function facts({ kind, wasi, language, size, memories, capabilities, malformed }: Inspection): HTMLElement {
  const entries: readonly (readonly [term: string, value: string])[] = [
    ["Kind", kind ?? "not known"],
    ["WASI", wasi.join(", ") || "none"],
    ["Written in", language ? `${language.name} (${language.by})` : "not known"],
    ["Size", `${size} bytes`],
    [
      "Memory",
      memories.map((it) => `${it.minimumPages} to ${it.maximumPages ?? "any number of"} pages`).join(", ") || "none",
    ],
    ["Can ask for", capabilities.map(({ capability }) => capability).join(", ") || "nothing"],
    ...(malformed ? ([["Malformed", `at ${malformed.offset}: ${malformed.message}`]] as const) : []),
  ];
  return element("dl", {}, ...entries.flatMap(([term, value]) => [element("dt", {}, term), element("dd", {}, value)]));
}
