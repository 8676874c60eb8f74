import { languageTitles } from "../programs/program.ts";
import type { Program, ProgramLanguage } from "../programs/program.ts";
import type { Session } from "../project/session.ts";
import { button, element, labelled } from "../ui/element.ts";

/** What the toolbar's controls do. */
export interface ToolbarActions {
  open(program: Program): void;
  run(): void;
  stop(): void;
  share(): void;
}

export interface Toolbar {
  readonly element: HTMLElement;
  setRunning(isRunning: boolean): void;
  setStatus(text: string): void;
}

/** @param programs - those to choose from. None: there is no choice */
export function createToolbar(session: Session, programs: readonly Program[], actions: ToolbarActions): Toolbar {
  const program = element("select", {});
  const own = element("option", { value: "", hidden: true }, "your own");
  program.append(own);
  for (const [language, title] of Object.entries(languageTitles)) {
    const its = programs.filter((it) => it.language === (language as ProgramLanguage));
    if (its.length === 0) continue;
    program.append(
      element(
        "optgroup",
        { label: title },
        ...its.map(({ id, name }) => element("option", { value: id }, `${title}: ${name}`)),
      ),
    );
  }
  program.addEventListener("change", () => {
    const chosen = programs.find(({ id }) => id === program.value);
    if (chosen) actions.open(chosen);
  });
  const run = element("select", {});
  run.addEventListener("change", () => session.chooseRun(run.value));
  // Until there is something to run.
  const start = button("Run", actions.run, { class: "primary", title: "Ctrl+Enter", disabled: true });
  const stop = button("Stop", actions.stop, { disabled: true });
  const status = element("p", { class: "status", role: "status" });

  session.subscribe((change) => {
    if (change === "program") program.value = session.program?.id ?? "";
    if (change === "program" || change === "manifest") {
      const names = Object.keys(session.manifest?.runs ?? {});
      run.replaceChildren(...names.map((it) => element("option", { value: it }, it)));
      start.disabled = stop.disabled && session.manifest === undefined;
    }
    run.value = session.run;
  });
  return {
    element: element(
      "div",
      { class: "toolbar", role: "group", "aria-label": "Controls" },
      programs.length > 0 && labelled("Program", program),
      labelled("Which run", run),
      start,
      stop,
      button("Share", actions.share),
      status,
    ),
    setRunning(isRunning) {
      const hadFocus = (isRunning ? start : stop).matches(":focus");
      start.disabled = isRunning;
      stop.disabled = !isRunning;
      // A button that is disabled loses the focus, and with it the user's place.
      if (hadFocus) (isRunning ? stop : start).focus();
    },
    setStatus: (text) => {
      status.textContent = text;
    },
  };
}
