/**
 * What pictures are made of. Colours are CSS variables: a page sets them for light and dark, and a picture on its own
 * has those of `standaloneStyle`, by the system's setting.
 */
const light = {
  ink: "#1f2328",
  soft: "#59636e",
  line: "#818b98",
  paper: "#ffffff",
  guest: "#dff0ff",
  host: "#fff3d6",
  good: "#1a7f37",
  bad: "#c0392b",
  bar: "#4a6fa5",
} as const;
const dark: Readonly<Record<Tone, string>> = {
  ink: "#f0f6fc",
  soft: "#a9b4c0",
  line: "#7d8794",
  paper: "#161b22",
  guest: "#14304a",
  host: "#3d3216",
  good: "#4ac26b",
  bad: "#ff8a7a",
  bar: "#7aa2d6",
};

/** A colour, by what it is for. */
export type Tone = keyof typeof light;

const variables = (colours: Readonly<Record<Tone, string>>): string =>
  Object.entries(colours)
    .map(([tone, colour]) => `--picture-${tone}:${colour}`)
    .join(";");

const standaloneStyle = `<style>:root{${variables(light)}}@media (prefers-color-scheme:dark){:root{${variables(dark)}}}</style>`;

/** The variables for a page that can be switched to dark. */
export const pageStyle: string = `:root{${variables(light)}}\n.dark{${variables(dark)}}\n`;

const colour = (tone: Tone): string => `var(--picture-${tone})`;

const escape = (content: string): string =>
  content.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

/** A whole picture. */
export interface PictureOptions {
  /** A name that no other picture on a page has. */
  name: string;
  width: number;
  height: number;
  /** What it shows, in a line. */
  title: string;
  /** All that a reader learns from it, for those who don't see it. */
  description: string;
}

/** Puts shapes together. */
export function picture(
  { name, width, height, title, description }: PictureOptions,
  shapes: readonly string[],
): string {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" role="img"` +
      ` aria-labelledby="${name}-title ${name}-description" style="max-width:100%;height:auto"` +
      ` font-family="system-ui, sans-serif" font-size="14">`,
    `<title id="${name}-title">${escape(title)}</title>`,
    `<desc id="${name}-description">${escape(description)}</desc>`,
    standaloneStyle,
    ...shapes,
    "</svg>",
    "",
  ].join("\n");
}

interface TextOptions {
  tone?: Tone;
  anchor?: "start" | "middle" | "end";
  isCode?: boolean;
  isStrong?: boolean;
  size?: number;
}

/** A line of text. `y` is its base line. */
export function text(x: number, y: number, content: string, options: TextOptions = {}): string {
  const { tone = "ink", anchor = "start", isCode, isStrong, size } = options;
  const attributes = [
    `x="${x}" y="${y}" text-anchor="${anchor}" style="fill:${colour(tone)}"`,
    ...(isCode ? ['font-family="ui-monospace, Menlo, Consolas, monospace"'] : []),
    ...(isStrong ? ['font-weight="600"'] : []),
    ...(size === undefined ? [] : [`font-size="${size}"`]),
  ];
  return `<text ${attributes.join(" ")} xml:space="preserve">${escape(content)}</text>`;
}

interface BoxOptions {
  fill?: Tone;
  stroke?: Tone;
  isDashed?: boolean;
  radius?: number;
}

/** A rectangle. */
export function box(x: number, y: number, width: number, height: number, options: BoxOptions = {}): string {
  const { fill = "paper", stroke = "line", isDashed, radius = 6 } = options;
  return (
    `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="${radius}"` +
    ` style="fill:${colour(fill)};stroke:${colour(stroke)}"${isDashed ? ' stroke-dasharray="5 4"' : ""}/>`
  );
}

/** A line with a head at its end. */
export function arrow(x1: number, y1: number, x2: number, y2: number, tone: Tone = "ink", isDashed = false): string {
  const angle = Math.atan2(y2 - y1, x2 - x1);
  const side = (turn: number): string =>
    `${round(x2 - 9 * Math.cos(angle + turn))} ${round(y2 - 9 * Math.sin(angle + turn))}`;
  const head = `M${side(0.45)} L${x2} ${y2} L${side(-0.45)}`;
  return (
    `<path d="M${x1} ${y1} L${x2} ${y2}" style="stroke:${colour(tone)};fill:none" stroke-width="1.5"` +
    `${isDashed ? ' stroke-dasharray="5 4"' : ""}/>` +
    `<path d="${head}" style="stroke:${colour(tone)};fill:none" stroke-width="1.5"/>`
  );
}

/** A line without a head. */
export const line = (x1: number, y1: number, x2: number, y2: number, tone: Tone = "line"): string =>
  `<path d="M${x1} ${y1} L${x2} ${y2}" style="stroke:${colour(tone)};fill:none"/>`;

/** A filled bar. */
export const bar = (x: number, y: number, width: number, height: number, tone: Tone = "bar"): string =>
  `<rect x="${x}" y="${y}" width="${round(width)}" height="${height}" rx="2" style="fill:${colour(tone)}"/>`;

const round = (value: number): number => Math.round(value * 10) / 10;
