import type { Runner } from "../run/runner.ts";
import { button, element, labelled } from "../ui/element.ts";

/** The guest's memory as the run left it. */
export interface MemoryPane {
  readonly element: HTMLElement;
  /** Reads it again: a run has ended. */
  refresh(): Promise<void>;
}

const bytesPerRow = 16;
const pageBytes = 32 * bytesPerRow;

export function createMemoryPane(runner: Runner): MemoryPane {
  const place = element("input", { type: "text", value: "0x0", size: 10, spellcheck: "false" });
  const problem = element("p", { class: "problem", role: "alert" });
  const dump = element("pre", {
    class: "memory",
    tabindex: 0,
    "aria-label": "Memory as hexadecimal numbers and as text",
  });
  const facts = element("p", { class: "hint" });
  let address = 0;

  const refresh = async (): Promise<void> => {
    const { address: start, bytes, total } = await runner.memory(address, pageBytes);
    facts.textContent =
      total === 0
        ? "There is no memory to show: nothing has run yet, the run was ended from outside, or its module exports no memory."
        : `${total} bytes, ${total / 65_536} pages. Shown from ${hex(start, 8)}.`;
    dump.textContent = lines(start, bytes).join("\n");
  };
  const go = (event?: Event): void => {
    event?.preventDefault();
    const wanted = Number(place.value.trim());
    const isAddress = Number.isInteger(wanted) && wanted >= 0 && place.value.trim() !== "";
    problem.textContent = isAddress ? "" : `${place.value} is no address. Write a number such as 1024 or 0x400.`;
    if (isAddress) move(wanted);
  };
  const move = (to: number): void => {
    address = Math.max(0, to - (to % bytesPerRow));
    place.value = hex(address, 0);
    void refresh();
  };
  return {
    refresh,
    element: element(
      "div",
      {},
      element(
        "form",
        { class: "line", onsubmit: go },
        labelled("Address", place),
        element("button", { type: "submit" }, "Go"),
        button("Previous", () => move(address - pageBytes)),
        button("Next", () => move(address + pageBytes)),
      ),
      problem,
      facts,
      dump,
    ),
  };
}

const hex = (value: number, digits: number): string => `0x${value.toString(16).padStart(digits, "0")}`;

/** `00000400  68 65 6c 6c 6f …  hello…` */
function lines(start: number, bytes: Uint8Array): string[] {
  return Array.from({ length: Math.ceil(bytes.length / bytesPerRow) }, (_, i) => {
    const part = bytes.subarray(i * bytesPerRow, (i + 1) * bytesPerRow);
    const numbers = Array.from(part, (byte) => byte.toString(16).padStart(2, "0"));
    const text = Array.from(part, (byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : "·"));
    const address = (start + i * bytesPerRow).toString(16).padStart(8, "0");
    return `${address}  ${numbers.join(" ").padEnd(3 * bytesPerRow)} ${text.join("")}`;
  });
}
