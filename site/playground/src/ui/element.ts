type Child = Node | string | undefined | false;

/** Attributes by name, listeners by `on` and the event's name. An attribute that is `false` or undefined is left out. */
type Properties = Readonly<Record<string, string | number | boolean | undefined | ((event: never) => void)>>;

/** Makes an element: `element("button", { type: "button", onclick: run }, "Run")`. */
export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  properties: Properties = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Tag] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (typeof value === "function") made.addEventListener(name.slice(2), value as EventListener);
    else if (value !== undefined && value !== false) made.setAttribute(name, value === true ? "" : String(value));
  }
  made.append(...children.filter((it): it is Node | string => it !== undefined && it !== false));
  return made;
}

/** A button. */
export const button = (label: Child, onclick: () => void, properties: Properties = {}): HTMLButtonElement =>
  element("button", { type: "button", onclick, ...properties }, label);

let lastId = 0;

/** A control with its label above it. */
export function labelled(label: string, control: HTMLElement): HTMLElement {
  control.id = `control-${++lastId}`;
  return element("div", { class: "field" }, element("label", { for: control.id }, label), control);
}

/** A table with a row of headings. */
export const table = (
  caption: string,
  headings: readonly string[],
  rows: readonly (readonly Child[])[],
): HTMLTableElement =>
  element(
    "table",
    {},
    element("caption", {}, caption),
    element("thead", {}, element("tr", {}, ...headings.map((it) => element("th", { scope: "col" }, it)))),
    element("tbody", {}, ...rows.map(row)),
  );

/** A row of a table. */
export const row = (cells: readonly Child[]): HTMLTableRowElement =>
  element("tr", {}, ...cells.map((it) => element("td", {}, it)));
