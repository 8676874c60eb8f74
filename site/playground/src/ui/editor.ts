import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { bracketMatching, HighlightStyle, indentOnInput, indentUnit, syntaxHighlighting } from "@codemirror/language";
import type { LanguageSupport } from "@codemirror/language";
import { lintGutter, lintKeymap, setDiagnostics } from "@codemirror/lint";
import type { Diagnostic } from "@codemirror/lint";
import { Compartment, EditorState } from "@codemirror/state";
import type { Extension } from "@codemirror/state";
import { drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import type { SourceProblem } from "../compile/problems.ts";

/** An editor of one file at a time. */
export interface Editor {
  /** Shows a file. The same file with another text is changed in place. */
  open(path: string, text: string, isReadOnly: boolean): void;
  /** Marks the mistakes in the file that is shown. */
  setProblems(problems: readonly SourceProblem[]): void;
  /** Moves to a place, counted from 1. */
  reveal(line: number, column: number): void;
  destroy(): void;
}

const languages: Readonly<Record<string, () => Promise<LanguageSupport>>> = {
  wat: async () => (await import("@codemirror/lang-wast")).wast(),
  ts: async () => (await import("@codemirror/lang-javascript")).javascript({ typescript: true }),
  json: async () => (await import("@codemirror/lang-json")).json(),
  rs: async () => (await import("@codemirror/lang-rust")).rust(),
  c: async () => (await import("@codemirror/lang-cpp")).cpp(),
  h: async () => (await import("@codemirror/lang-cpp")).cpp(),
  go: async () => (await import("@codemirror/lang-go")).go(),
};

/** The colours are those of the stylesheet, which has them light and dark. */
const highlighting = HighlightStyle.define([
  { tag: [tags.keyword, tags.typeName, tags.modifier], color: "var(--pg-keyword)" },
  { tag: [tags.string, tags.special(tags.string)], color: "var(--pg-string)" },
  { tag: [tags.number, tags.bool, tags.null], color: "var(--pg-number)" },
  { tag: [tags.comment], color: "var(--pg-comment)", fontStyle: "italic" },
  { tag: [tags.variableName, tags.propertyName], color: "var(--pg-name)" },
]);

const theme = EditorView.theme({
  "&": { height: "100%", color: "var(--pg-text)", backgroundColor: "var(--pg-code)" },
  ".cm-content": { fontFamily: "var(--pg-mono)", caretColor: "var(--pg-text)" },
  ".cm-scroller": { overflow: "auto", lineHeight: "1.5" },
  ".cm-gutters": {
    backgroundColor: "var(--pg-code)",
    color: "var(--pg-muted)",
    border: "none",
    fontFamily: "var(--pg-mono)",
  },
  ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "var(--pg-line)" },
  ".cm-cursor": { borderLeftColor: "var(--pg-text)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
    background: "var(--pg-selection) !important",
  },
  ".cm-tooltip": { backgroundColor: "var(--pg-panel)", color: "var(--pg-text)", border: "1px solid var(--pg-border)" },
  "&.cm-focused": { outline: "2px solid var(--pg-accent)", outlineOffset: "-2px" },
});

/** Makes an editor. @param onChange - called with the new text when the user has changed it */
export function createEditor(
  parent: HTMLElement,
  root: ShadowRoot,
  onChange: (path: string, text: string) => void,
): Editor {
  const language = new Compartment();
  const editable = new Compartment();
  let shown = "";
  let isOurs = false;
  const extensions = (path: string, isReadOnly: boolean): Extension => [
    lineNumbers(),
    lintGutter(),
    history(),
    drawSelection(),
    indentOnInput(),
    indentUnit.of("  "),
    bracketMatching(),
    highlightActiveLine(),
    syntaxHighlighting(highlighting),
    theme,
    EditorView.lineWrapping,
    EditorView.contentAttributes.of({ "aria-label": `${path}${isReadOnly ? ", read only" : ""}`, tabindex: "0" }),
    // Escape and then Tab leaves the editor.
    keymap.of([...defaultKeymap, ...historyKeymap, ...lintKeymap, indentWithTab]),
    language.of([]),
    // It stays in the order of the Tab key, so that it can be scrolled and copied from.
    editable.of(EditorState.readOnly.of(isReadOnly)),
    EditorView.updateListener.of((update) => {
      if (update.docChanged && !isOurs) onChange(shown, update.state.doc.toString());
    }),
  ];
  const view = new EditorView({ parent, root });
  const colour = async (path: string): Promise<void> => {
    const support = await languages[path.split(".").at(-1) ?? ""]?.();
    if (support && shown === path) view.dispatch({ effects: language.reconfigure(support) });
  };

  return {
    open(path, text, isReadOnly) {
      if (path === shown) {
        if (view.state.doc.toString() === text) return;
        isOurs = true;
        view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } });
        isOurs = false;
        return;
      }
      shown = path;
      view.setState(EditorState.create({ doc: text, extensions: extensions(path, isReadOnly) }));
      void colour(path);
    },
    setProblems(problems) {
      const diagnostics = problems.filter(({ file }) => file === shown).map((it) => diagnosticOf(it, view.state));
      view.dispatch(setDiagnostics(view.state, diagnostics));
    },
    reveal(line, column) {
      const at = positionOf(view.state, line, column);
      view.dispatch({ selection: { anchor: at }, effects: EditorView.scrollIntoView(at, { y: "center" }) });
      view.focus();
    },
    destroy: () => view.destroy(),
  };
}

/** A place that a compiler named may be past the end of what is there now. */
function positionOf({ doc }: EditorState, line: number, column: number): number {
  const { from, to } = doc.line(Math.min(Math.max(line, 1), doc.lines));
  return Math.min(from + Math.max(column, 1) - 1, to);
}

function diagnosticOf({ line, column, length, severity, message }: SourceProblem, state: EditorState): Diagnostic {
  const from = positionOf(state, line, column);
  return { from, to: Math.min(from + length, state.doc.length), severity, message };
}
