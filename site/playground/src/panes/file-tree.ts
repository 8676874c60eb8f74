import { problemOfPath } from "../project/files.ts";
import { manifestName } from "../project/session.ts";
import type { Session } from "../project/session.ts";
import { button, element } from "../ui/element.ts";

/** The files of the project, to be opened, added and removed. */
export function createFileTree(session: Session, onDrop: (files: readonly File[]) => void): HTMLElement {
  const list = element("ul", { class: "tree" });
  const problem = element("p", { class: "problem", role: "alert" });
  const name = element("input", { type: "text", "aria-label": "Path of a new file", placeholder: "fixtures/new.txt" });
  const picker = element("input", { type: "file", multiple: true, hidden: true, "aria-label": "Files to add" });
  picker.addEventListener("change", () => {
    onDrop([...(picker.files ?? [])]);
    picker.value = "";
  });
  const add = (event: Event): void => {
    event.preventDefault();
    const path = name.value.trim();
    problem.textContent = problemOfPath(path, session.files) ?? "";
    if (problem.textContent !== "") return;
    void session.setFile(path, "");
    if (!path.endsWith("/")) session.openFile(path);
    name.value = "";
  };

  const show = (): void => {
    list.replaceChildren(
      ...[...session.files.keys()].map((path) => {
        const isOpen = path === session.opened;
        const label = path.endsWith("/") ? element("span", {}, path) : openButton(path, isOpen);
        return element(
          "li",
          {},
          label,
          path !== manifestName &&
            button("×", () => void session.removeFile(path), { class: "quiet", "aria-label": `Remove ${path}` }),
        );
      }),
    );
  };
  const openButton = (path: string, isOpen: boolean): HTMLButtonElement =>
    button(path, () => session.openFile(path), { class: "quiet path", "aria-current": isOpen ? "true" : undefined });

  session.subscribe((change) => {
    if (change === "files" || change === "program" || change === "open") show();
  });
  return element(
    "details",
    { class: "files", open: true },
    element("summary", {}, "Files"),
    list,
    element("form", { class: "line", onsubmit: add }, name, element("button", { type: "submit" }, "Add")),
    button("Open a .wasm or other file…", () => picker.click(), { class: "wide" }),
    picker,
    problem,
  );
}
