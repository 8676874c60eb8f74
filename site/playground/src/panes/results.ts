import { describeDifference } from "@wasi-kit/runner/browser";
import type { Difference } from "@wasi-kit/runner/browser";
import type { CallRow, Explanation, RunEnd } from "../run/messages.ts";
import { button, element, row, table } from "../ui/element.ts";

/** What a run prints, why it may have ended badly, and where it trapped. */
export interface OutputPane {
  readonly element: HTMLElement;
  clear(): void;
  write(stream: "stdout" | "stderr", bytes: Uint8Array): void;
  /** @param grant - adds to wasi.json what was missing, if that can be known */
  explain(explanation: Explanation | undefined, grant: (() => void) | undefined): void;
  showTrap(trap: NonNullable<RunEnd["trap"]>, reveal: (file: string, line: number, column: number) => void): void;
  showProblem(message: string): void;
}

export function createOutputPane(): OutputPane {
  const output = element("pre", { class: "output", "aria-label": "Output of the program", tabindex: 0 });
  const notes = element("div", { class: "notes", "aria-live": "polite" });
  let decoders = freshDecoders();
  return {
    element: element("div", {}, output, notes),
    clear() {
      decoders = freshDecoders();
      output.replaceChildren();
      notes.replaceChildren();
    },
    write(stream, bytes) {
      const text = decoders[stream].decode(bytes, { stream: true });
      const last = output.lastElementChild;
      if (last?.className === stream) last.append(text);
      else output.append(element("span", { class: stream }, text));
    },
    explain(explanation, grant) {
      if (!explanation) return;
      notes.append(
        element("p", { class: "explanation" }, explanation.text),
        ...(grant ? [button("Grant it in wasi.json", grant, { class: "grant" })] : []),
      );
    },
    showTrap({ message, frames }, reveal) {
      const items = frames.map(({ text, source }) =>
        element(
          "li",
          {},
          source
            ? button(text, () => reveal(source.file, source.line, source.column), { class: "link" })
            : element("code", {}, text),
        ),
      );
      notes.append(element("p", { class: "trap" }, `Trap: ${message}`), element("ol", { class: "frames" }, ...items));
    },
    showProblem: (message) => notes.append(element("pre", { class: "problem" }, message)),
  };
}

const freshDecoders = (): Record<"stdout" | "stderr", TextDecoder> => ({
  stdout: new TextDecoder(),
  stderr: new TextDecoder(),
});

/** The calls that the guest made, as a table. */
export interface TracePane {
  readonly element: HTMLElement;
  clear(): void;
  add(calls: readonly CallRow[], left: number): void;
  /** How many calls there were. */
  count(): number;
}

/** @param showImport - shows the import of a function */
export function createTracePane(showImport: (module: string | undefined, name: string) => void): TracePane {
  const empty = element("p", { class: "hint" }, "Run the program to see each call that it makes.");
  const calls = table("Calls of the guest", ["#", "Call", "Result", "Time"], []);
  const body = calls.tBodies[0] as HTMLTableSectionElement;
  const rest = element("p", { class: "hint" });
  let rows = 0;
  let more = 0;
  calls.hidden = true;
  return {
    element: element("div", { class: "trace" }, empty, calls, rest),
    clear() {
      [rows, more] = [0, 0];
      body.replaceChildren();
      rest.textContent = "";
      empty.hidden = false;
      calls.hidden = true;
    },
    add(added, left) {
      empty.hidden = true;
      calls.hidden = false;
      body.append(
        ...added.map(({ module, name, args, result, failed, durationMs }) => {
          const made = row([
            String(++rows),
            element(
              "code",
              {},
              button(name, () => showImport(module, name), { class: "link", title: "Show the import" }),
              args,
            ),
            element("code", {}, result ?? "did not return"),
            durationMs === undefined ? "" : `${durationMs.toFixed(3)} ms`,
          ]);
          if (failed) made.className = "failed";
          return made;
        }),
      );
      more = left;
      rest.textContent = left > 0 ? `${left} more calls are not shown.` : "";
    },
    count: () => rows + more,
  };
}

/** What a run changed in its directories. */
export interface ChangesPane {
  readonly element: HTMLElement;
  show(changes: RunEnd["changes"], keep: (() => void) | undefined): Promise<void>;
  clear(): void;
}

export function createChangesPane(): ChangesPane {
  const hint = "Run the program to see what it changes in its directories. The files of the project stay as they are.";
  const made = element("div", {}, element("p", { class: "hint" }, hint));
  return {
    element: made,
    clear: () => made.replaceChildren(element("p", { class: "hint" }, hint)),
    async show(changes, keep) {
      const changed = changes.filter(([, differences]) => differences.length > 0);
      const parts = await Promise.all(
        changed.map(async ([guestPath, differences]) =>
          element(
            "section",
            {},
            element("p", { class: "guest-path" }, guestPath),
            element("ul", { class: "changes" }, ...(await Promise.all(differences.map(showDifference)))),
          ),
        ),
      );
      const none = changes.length === 0 ? "The run had no directory." : "Nothing changed.";
      made.replaceChildren(
        ...(parts.length > 0 ? parts : [element("p", { class: "hint" }, none)]),
        ...(parts.length > 0 && keep ? [button("Keep the changes in the project", keep)] : []),
      );
    },
  };
}

async function showDifference(difference: Difference): Promise<HTMLElement> {
  const diff = await diffOf(difference);
  return element(
    "li",
    {},
    element("code", {}, describeDifference(difference)),
    diff !== undefined && element("pre", { class: "diff" }, ...diff),
  );
}

/** How the text of a file changed, a line each; undefined for what is no text, or stayed the same. */
async function diffOf({ path, before, after }: Difference): Promise<HTMLElement[] | undefined> {
  const [old, now] = [textIn(before), textIn(after)];
  if (old === undefined || now === undefined || old === now) return undefined;
  const { createTwoFilesPatch } = await import("diff");
  const patch = createTwoFilesPatch(path, path, old, now, "", "", { context: 3, maxEditLength: 200 });
  return patch
    ?.split("\n")
    .slice(4)
    .filter((line) => line !== "")
    .map((line) => element("span", { class: lineKinds[line[0] as string] ?? "" }, `${line}\n`));
}

const lineKinds: Readonly<Record<string, string>> = { "+": "added", "-": "removed", "@": "place" };

/** The text of a file; empty if there is none, undefined if there is something else. */
function textIn(entry: Difference["before"]): string | undefined {
  if (entry === undefined) return "";
  if (entry.kind !== "file" || !entry.content) return undefined;
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(entry.content);
  } catch {
    return undefined;
  }
}
