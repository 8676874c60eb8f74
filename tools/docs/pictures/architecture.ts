import { arrows } from "../../conventions/arrows.ts";
import { arrow, box, picture, text } from "./svg.ts";

/** Where each package is drawn, and what it is for. */
const places: Readonly<Record<string, { x: number; y: number; does: string }>> = {
  "wasi-kit": { x: 270, y: 10, does: "the command line" },
  "create-wasi-kit": { x: 20, y: 110, does: "npm create wasi-kit" },
  "@wasi-kit/vitest": { x: 520, y: 110, does: "runs as tests" },
  "@wasi-kit/compiler": { x: 20, y: 220, does: "sources to modules" },
  "@wasi-kit/manifest": { x: 270, y: 220, does: "wasi.json" },
  "@wasi-kit/runner": { x: 520, y: 220, does: "runs a module" },
  "@wasi-kit/wasm": { x: 270, y: 330, does: "what a module is" },
  "@wasi-kit/wasi": { x: 520, y: 330, does: "WASI preview 1" },
};

/** The packages, and which imports which, as `pnpm check` holds them. */
export function architecture(): string {
  const edges = Object.entries(arrows).flatMap(([from, its]) =>
    Object.keys(its).map((to): [from: string, to: string] => [from, to]),
  );
  return picture(
    {
      name: "architecture",
      width: 720,
      height: 396,
      title: "The packages, and which uses which",
      description: `${Object.entries(places)
        .map(([name, { does }]) => `${name}: ${does}`)
        .join("; ")}. ${edges.map(([from, to]) => `${from} uses ${to}`).join("; ")}.`,
    },
    [
      ...edges.map(([from, to]) => connect(from, to)),
      ...Object.entries(places).flatMap(([name, { x, y, does }]) => [
        box(x, y, 180, 56, { fill: name.startsWith("@") ? "guest" : "host" }),
        text(x + 90, y + 24, name, { anchor: "middle", isCode: true, size: 13 }),
        text(x + 90, y + 44, does, { anchor: "middle", tone: "soft", size: 13 }),
      ]),
    ],
  );
}

/** An arrow from the edge of one box to that of another. */
function connect(from: string, to: string): string {
  const [a, b] = [places[from], places[to]] as [{ x: number; y: number }, { x: number; y: number }];
  const [fromX, toX] = [a.x + 90, b.x + 90];
  if (a.y === b.y) {
    const isRight = b.x > a.x;
    return arrow(isRight ? a.x + 180 : a.x, a.y + 28, isRight ? b.x - 3 : b.x + 183, b.y + 28, "soft");
  }
  const isDown = b.y > a.y;
  const shift = Math.sign(toX - fromX) * 50;
  return arrow(fromX + shift, isDown ? a.y + 56 : a.y, toX - shift, isDown ? b.y - 3 : b.y + 59, "soft");
}
