import { element } from "./element.ts";

/** A tab and its panel. */
export interface Tab {
  readonly title: string;
  readonly panel: HTMLElement;
  /** Called when it is shown. */
  onShow?(): void;
}

/** Tabs by name, of which one is shown. */
export interface Tabs<Name extends string> {
  readonly element: HTMLElement;
  show(name: Name): void;
  shown(): Name;
  /** A mark beside a title: how many there are of something. */
  setCount(name: Name, count: number | undefined): void;
}

let lastId = 0;

/**
 * Tabs as the ARIA practices have them: one is reached with Tab, the others with
 * the arrow keys.
 *
 * @see https://www.w3.org/WAI/ARIA/apg/patterns/tabs/
 */
export function createTabs<Name extends string>(label: string, tabs: Readonly<Record<Name, Tab>>): Tabs<Name> {
  const names = Object.keys(tabs) as Name[];
  let current = names[0] as Name;
  const id = `tabs-${++lastId}`;
  const buttons = new Map<Name, HTMLButtonElement>();
  const counts = new Map<Name, HTMLElement>();

  const show = (name: Name): void => {
    current = name;
    for (const it of names) {
      const isShown = it === name;
      const button = buttons.get(it) as HTMLButtonElement;
      button.setAttribute("aria-selected", String(isShown));
      button.tabIndex = isShown ? 0 : -1;
      tabs[it].panel.hidden = !isShown;
    }
    tabs[name].onShow?.();
  };
  const move = (event: KeyboardEvent): void => {
    const steps: Readonly<Record<string, number>> = { ArrowRight: 1, ArrowLeft: -1 };
    const ends: Readonly<Record<string, number>> = { Home: 0, End: names.length - 1 };
    const step = steps[event.key];
    const index = step === undefined ? ends[event.key] : (names.indexOf(current) + step + names.length) % names.length;
    if (index === undefined) return;
    event.preventDefault();
    const name = names[index] as Name;
    show(name);
    buttons.get(name)?.focus();
  };

  const list = element("div", { role: "tablist", "aria-label": label, onkeydown: move });
  for (const name of names) {
    const { title, panel } = tabs[name];
    const count = element("span", { class: "count" });
    const tab = element(
      "button",
      {
        type: "button",
        role: "tab",
        id: `${id}-${name}`,
        "aria-controls": `${id}-${name}-panel`,
        onclick: () => show(name),
      },
      title,
      count,
    );
    panel.setAttribute("role", "tabpanel");
    panel.setAttribute("aria-labelledby", tab.id);
    panel.id = `${id}-${name}-panel`;
    panel.tabIndex = 0;
    buttons.set(name, tab);
    counts.set(name, count);
    list.append(tab);
  }
  const made = element("div", { class: "tabs" }, list, ...names.map((it) => tabs[it].panel));
  show(current);
  return {
    element: made,
    show,
    shown: () => current,
    setCount(name, count) {
      const place = counts.get(name) as HTMLElement;
      place.textContent = count === undefined ? "" : ` ${count}`;
    },
  };
}
