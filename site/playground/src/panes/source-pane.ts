import { compiledLanguage } from "../project/session.ts";
import type { Session } from "../project/session.ts";
import type { Editor } from "../ui/editor.ts";
import { element } from "../ui/element.ts";

/** The file that is open, in an editor. */
export interface SourcePane {
  readonly element: HTMLElement;
  /** Fulfilled once the editor is loaded. */
  readonly ready: Promise<void>;
  /** Opens a file at a place, counted from 1. */
  reveal(file: string, line: number, column: number): void;
  destroy(): void;
}

/** Sources of languages that no compiler in the page takes. */
const foreignSource = /\.(rs|c|h|go|zig|mod|toml)$/;

export function createSourcePane(session: Session, root: ShadowRoot): SourcePane {
  const place = element("div", { class: "editor" });
  const note = element("p", { class: "hint" });
  let editor: Editor | undefined;

  const show = (): void => {
    const { files, opened, manifest, program, problems } = session;
    const content = files.get(opened);
    const isText = typeof content === "string";
    const isForeign = program !== undefined && foreignSource.test(opened) && compiledLanguage(manifest) === undefined;
    note.textContent = isText ? "" : `${content?.length ?? 0} bytes, which are no text.`;
    if (isForeign)
      note.textContent =
        "This language is not compiled in the page: what runs is the module that was built of this source.";
    editor?.open(opened, isText ? content : "", !isText || isForeign);
    editor?.setProblems(problems);
  };
  const load = async (): Promise<void> => {
    const { createEditor } = await import("../ui/editor.ts");
    editor = createEditor(place, root, (path, text) => void session.setFile(path, text));
    show();
  };
  session.subscribe((change) => {
    if (change !== "run" && change !== "manifest") show();
  });
  return {
    element: element("div", { class: "source" }, place, note),
    ready: load(),
    reveal(file, line, column) {
      session.openFile(file);
      editor?.reveal(line, column);
    },
    destroy: () => editor?.destroy(),
  };
}
