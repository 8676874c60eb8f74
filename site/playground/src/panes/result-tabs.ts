import { keepChanges } from "../project/keep-changes.ts";
import type { Session } from "../project/session.ts";
import { suggestGrant } from "../project/suggest-grant.ts";
import type { CallRow } from "../run/messages.ts";
import type { Runner, RunOutcome } from "../run/runner.ts";
import { createTabs } from "../ui/tabs.ts";
import { createMemoryPane } from "./memory-pane.ts";
import { createModulePane } from "./module-pane.ts";
import { createChangesPane, createOutputPane, createTracePane } from "./results.ts";

/** All that is seen of a run and of its module. */
export interface ResultTabs {
  readonly element: HTMLElement;
  clear(): void;
  onOutput(stream: "stdout" | "stderr", bytes: Uint8Array): void;
  onCalls(calls: readonly CallRow[], left: number): void;
  /** @returns how the run ended, in a line */
  showOutcome(outcome: RunOutcome): Promise<string>;
  showProblem(message: string): void;
  /** Inspects a module, if it is not the one that was inspected last. */
  showModule(module: Uint8Array): Promise<void>;
  /** Opens the tab of the module. */
  openModule(): void;
}

/** What the tabs ask of the playground. */
interface ResultActions {
  /** The module of the project, or why there is none. */
  findModule(): Promise<Uint8Array | string>;
  reveal(file: string, line: number, column: number): void;
}

export function createResultTabs(session: Session, runner: Runner, actions: ResultActions): ResultTabs {
  const output = createOutputPane();
  const trace = createTracePane((module, name) => {
    tabs.show("module");
    modulePane.showImport(module, name);
  });
  const changes = createChangesPane();
  const memory = createMemoryPane(runner);
  const modulePane = createModulePane();
  let inspected: Uint8Array | undefined;

  const showModule = async (module: Uint8Array): Promise<void> => {
    if (inspected === module) return;
    inspected = module;
    modulePane.show(await runner.inspect(module));
  };
  const inspectProject = async (): Promise<void> => {
    if (inspected || !session.manifest) return;
    const found = await actions.findModule();
    if (typeof found === "string") modulePane.show(found);
    else await showModule(found);
  };
  const tabs = createTabs("Results", {
    output: { title: "Output", panel: output.element },
    trace: { title: "Trace", panel: trace.element },
    changes: { title: "Changes", panel: changes.element },
    memory: { title: "Memory", panel: memory.element },
    module: { title: "Module", panel: modulePane.element, onShow: () => void inspectProject() },
  });
  session.subscribe((change) => {
    // A module that was inspected is not that of other files.
    if (change === "file" || change === "program") inspected = undefined;
    if (change === "program" && tabs.shown() === "module") void inspectProject();
  });

  return {
    element: tabs.element,
    clear() {
      for (const pane of [output, trace, changes]) pane.clear();
      tabs.setCount("trace", undefined);
      tabs.setCount("changes", undefined);
    },
    onOutput: output.write,
    onCalls(calls, left) {
      trace.add(calls, left);
      tabs.setCount("trace", trace.count());
    },
    async showOutcome(outcome) {
      const { explanation } = outcome;
      const { manifest, run, files } = session;
      const need = explanation?.missingGrant;
      const change = need && manifest && suggestGrant(need, manifest, run, files);
      const grant = change && (() => void session.setGrants(change));
      if (outcome.kind === "failed") {
        output.showProblem(outcome.message);
        output.explain(explanation, grant);
        return `Not started (${outcome.code}), exit code ${outcome.exitCode}.`;
      }
      if (outcome.trap) output.showTrap(outcome.trap, actions.reveal);
      output.explain(explanation, grant);
      const count = outcome.changes.reduce((sum, [, differences]) => sum + differences.length, 0);
      tabs.setCount("changes", count > 0 ? count : undefined);
      await changes.show(outcome.changes, () => void keepChanges(outcome.changes, session));
      void memory.refresh();
      const why = outcome.limit === undefined ? "" : ` by the limit ${outcome.limit}`;
      const how = outcomes[outcome.outcome] ?? outcome.outcome;
      return `${how}${why}, exit code ${outcome.exitCode}, ${outcome.durationMs.toFixed(1)} ms.`;
    },
    showProblem(message) {
      tabs.show("output");
      output.showProblem(message);
    },
    showModule,
    openModule: () => tabs.show("module"),
  };
}

const outcomes: Readonly<Record<string, string>> = {
  exited: "Exited",
  trapped: "Trapped",
  aborted: "Stopped",
  "timed-out": "Stopped",
  "output-limit": "Stopped",
  "out-of-memory": "Out of memory",
};
