import type { Run } from "@wasi-kit/manifest/browser";
import { manifestName } from "../project/session.ts";
import type { Session } from "../project/session.ts";
import { button, element, labelled } from "../ui/element.ts";

type Preopens = NonNullable<Run["preopens"]>;
type Preopen = Preopens[string];
type Access = "read-only" | "read-write" | "copy-on-write";

/** What the run that is chosen is granted, as a form. It is wasi.json: what is written in one is in the other. */
export function createGrantsForm(session: Session): HTMLElement {
  const body = element("div", { class: "grants-body" });
  const problem = element("p", { class: "problem", role: "alert" });
  /** While the form itself writes, it is not made again: the user is typing in it. */
  let isWriting = false;
  let written = "";

  const set = async (grants: { [Key in keyof Run]?: Run[Key] | undefined }, again = false): Promise<void> => {
    isWriting = !again;
    await session.setGrants(grants);
    isWriting = false;
    if (again) show();
    else written = stateOf(session);
  };

  const show = (): void => {
    const run = session.manifest?.runs[session.run];
    problem.textContent = session.manifestProblem ?? "";
    body.hidden = run === undefined;
    if (run)
      body.replaceChildren(preopens(run, set), args(run, set), variables(run, set), stdin(run, set), limits(run, set));
    written = stateOf(session);
  };

  session.subscribe((change) => {
    if (isWriting) {
      problem.textContent = session.manifestProblem ?? "";
      return;
    }
    if (change === "program" || change === "run") show();
    if (change === "manifest" && stateOf(session) !== written) show();
  });
  return element(
    "details",
    { class: "grants", open: true },
    element("summary", {}, "Grants"),
    element(
      "p",
      { class: "hint" },
      "The guest gets what is written here, and nothing else. The form is ",
      button(manifestName, () => session.openFile(manifestName), { class: "link" }),
      ": a change in one is a change in the other.",
    ),
    problem,
    body,
  );
}

const stateOf = ({ manifest, run, manifestProblem }: Session): string =>
  JSON.stringify([manifest?.runs[run], run, manifestProblem]);

type SetGrants = (grants: { [Key in keyof Run]?: Run[Key] | undefined }, again?: boolean) => Promise<void>;

const section = (title: string, ...children: (Node | false)[]): HTMLElement =>
  element("fieldset", {}, element("legend", {}, title), ...children);

const removeButton = (what: string, onclick: () => void): HTMLButtonElement =>
  button("×", onclick, { class: "quiet", "aria-label": `Remove ${what}` });

/** A list that is empty is left out of wasi.json. */
const unlessEmpty = <T extends object>(it: T): T | undefined => (Object.keys(it).length > 0 ? it : undefined);

function preopens({ preopens: granted = {} }: Run, set: SetGrants): HTMLElement {
  const entries = Object.entries(granted);
  const write = (at: number, entry: [string, Preopen] | undefined, again = false): void => {
    const changed = entries.flatMap((it, i) => (i === at ? (entry ? [entry] : []) : [it]));
    if (entry) entries[at] = entry;
    void set({ preopens: unlessEmpty(Object.fromEntries(changed)) }, again);
  };
  const rows = entries.map(([guest, it], i) => {
    const inMemory = typeof it === "object" && "files" in it;
    const guestPath = element("input", { type: "text", value: guest, "aria-label": "Guest path" });
    const host = element("input", {
      type: "text",
      value: typeof it === "string" ? it : "path" in it ? it.path : "in memory",
      "aria-label": `Directory of the project for ${guest}`,
      readonly: inMemory,
    });
    const access = element("select", { "aria-label": `Access to ${guest}` });
    const current = typeof it === "string" ? "read-write" : (it.access ?? "read-write");
    for (const name of ["read-write", "read-only", ...(inMemory ? [] : ["copy-on-write"])])
      access.append(element("option", { value: name, selected: name === current }, name));
    const update = (): void => write(i, [guestPath.value, preopenWith(it, host.value, access.value as Access)]);
    for (const control of [guestPath, host]) control.addEventListener("input", update);
    access.addEventListener("change", update);
    return element(
      "div",
      { class: "line" },
      guestPath,
      host,
      access,
      removeButton(guest, () => write(i, undefined, true)),
    );
  });
  const add = (): void => {
    const free = ["/sandbox", "/data", ...entries.map((_, i) => `/data${i + 2}`)].find(
      (it) => !(it in granted),
    ) as string;
    entries.push([free, { path: "fixtures", access: "read-only" }]);
    void set({ preopens: Object.fromEntries(entries) }, true);
  };
  return section("Directories", ...rows, button("Grant a directory", add));
}

function preopenWith(it: Preopen, path: string, access: Access): Preopen {
  const rest = typeof it === "string" ? { path } : "files" in it ? it : { ...it, path };
  if (access === "read-write") {
    const { access: _access, ...others } = rest as { access?: Access; path?: string };
    return Object.keys(others).length === 1 && others.path !== undefined ? others.path : (others as Preopen);
  }
  return { ...rest, access } as Preopen;
}

function args({ args: given = [] }: Run, set: SetGrants): HTMLElement {
  const all = [...given];
  const rows = all.map((text, i) => {
    const input = element("textarea", {
      rows: Math.min(text.split("\n").length, 4),
      "aria-label": `Argument ${i + 1}`,
    });
    input.value = text;
    input.addEventListener("input", () => {
      all[i] = input.value;
      void set({ args: all });
    });
    const remove = (): void => void set({ args: unlessEmpty(all.filter((_, j) => j !== i)) }, true);
    return element("div", { class: "line" }, input, removeButton(`argument ${i + 1}`, remove));
  });
  return section(
    "Arguments",
    ...rows,
    button("Add an argument", () => void set({ args: [...all, ""] }, true)),
  );
}

function variables({ env = {}, inheritEnv = [] }: Run, set: SetGrants): HTMLElement {
  const entries = Object.entries(env);
  const write = (again = false): void => void set({ env: unlessEmpty(Object.fromEntries(entries)) }, again);
  const rows = entries.map(([name, value], i) => {
    const [key, text] = [
      element("input", { type: "text", value: name, "aria-label": "Name of a variable" }),
      element("input", { type: "text", value, "aria-label": `Value of ${name}` }),
    ];
    for (const input of [key, text]) {
      input.addEventListener("input", () => {
        entries[i] = [key.value, text.value];
        write();
      });
    }
    const remove = (): void => {
      entries.splice(i, 1);
      write(true);
    };
    return element("div", { class: "line" }, key, text, removeButton(name, remove));
  });
  const add = (): void => {
    const free = ["NAME", ...entries.map((_, i) => `NAME_${i + 2}`)].find((it) => !(it in env)) as string;
    entries.push([free, "value"]);
    write(true);
  };
  const none = `${inheritEnv.join(", ")}: not passed on, since a page has no variables.`;
  return section(
    "Environment",
    ...rows,
    inheritEnv.length > 0 && element("p", { class: "hint" }, none),
    button("Add a variable", add),
  );
}

function stdin({ stdin: given = "" }: Run, set: SetGrants): HTMLElement {
  const isFile = typeof given === "object";
  const kind = element("select", { "aria-label": "Where stdin comes from" });
  kind.append(element("option", { value: "text", selected: !isFile }, "text"));
  kind.append(element("option", { value: "file", selected: isFile }, "file"));
  kind.addEventListener(
    "change",
    () => void set({ stdin: kind.value === "file" ? { file: "fixtures/large.txt" } : undefined }, true),
  );
  const input = isFile
    ? element("input", { type: "text", value: given.file, "aria-label": "File for stdin" })
    : element("textarea", { rows: 3, "aria-label": "Text for stdin" });
  if (!isFile) input.value = given;
  input.addEventListener(
    "input",
    () => void set({ stdin: isFile ? { file: input.value } : input.value === "" ? undefined : input.value }),
  );
  return section("stdin", kind, input);
}

const limitTitles = {
  timeoutMs: "Time in ms",
  maxMemoryBytes: "Memory in bytes",
  maxOutputBytes: "Output in bytes",
  randomSeed: "Random seed",
} as const;

function limits(run: Run, set: SetGrants): HTMLElement {
  const inputs = Object.entries(limitTitles).map(([name, title]) => {
    const value = run[name as keyof typeof limitTitles];
    const input = element("input", { type: "number", value: value ?? "", inputmode: "numeric" });
    input.addEventListener("input", () => void set({ [name]: input.value === "" ? undefined : Number(input.value) }));
    return labelled(title, input);
  });
  const clock = element("input", { type: "text", value: run.clock?.start ?? "", placeholder: "2020-07-01T00:00:00Z" });
  clock.addEventListener(
    "input",
    () => void set({ clock: clock.value === "" ? undefined : { ...run.clock, start: clock.value } }),
  );
  return section("Limits, clock and randomness", ...inputs, labelled("Fixed clock from", clock));
}
