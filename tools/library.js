// How the packages that have to be small are compiled: configurations of rolldown. Plain JavaScript, since it runs
// before anything is compiled.
import { readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { decode, encode } from "@jridgewell/sourcemap-codec";
import { dts } from "rolldown-plugin-dts";

const keepNames = { function: true, class: false };

/** Comments are in the declarations. What a trace names keeps its name; other names are shortened. */
export const minify = {
  compress: { keepNames },
  mangle: { toplevel: true, keepNames },
  codegen: { removeWhitespace: true },
};

/** Modules with their maps, in few files: one for each source would be a third larger. */
export const modules = {
  dir: "dist",
  format: "esm",
  entryFileNames: "[name].js",
  chunkFileNames: "[name].js",
  minify,
  sourcemap: true,
  sourcemapExcludeSources: true,
};

/** Maps that give the line of each statement: to give each word in it would make them larger than the code. */
export const mapLines = {
  name: "map-lines",
  writeBundle({ dir }, files) {
    for (const name of Object.keys(files).filter((it) => it.endsWith(".map"))) mapLinesOnly(join(dir, name));
  },
};

function mapLinesOnly(path) {
  const map = readMap(path);
  const code = readFileSync(path.slice(0, -".map".length), "utf8").split("\n");
  const sources = [];
  const mappings = map.mappings.map((segments, at) =>
    segments
      .filter(([column]) => column === 0 || isStart(path, code[at][column - 1]))
      .filter(([, source, line], i, all) => source !== all[i - 1]?.[1] || line !== all[i - 1]?.[2])
      .map(([column, source, line]) => {
        if (source === undefined) return [column];
        const place = placeIn(join(dirname(path), map.sources[source]), line);
        const name = relative(dirname(path), place.source);
        if (!sources.includes(name)) sources.push(name);
        return [column, sources.indexOf(name), place.line, 0];
      }),
  );
  const lines = { ...map, sources, names: [], mappings: encode(mappings) };
  delete lines.sourcesContent;
  writeFileSync(path, JSON.stringify(lines));
}

/** Whether a statement or the body of a function begins after a character. Declarations have their lines. */
const isStart = (path, before) => path.endsWith(".d.ts.map") || ";{}>".includes(before);

/** A line of a declaration has its place in the source that it was made of. */
function placeIn(source, line) {
  if (!source.endsWith(".d.ts")) return { source, line };
  const { mappings, sources } = readMap(`${source}.map`);
  const [, index = 0, there = 0] = mappings[line]?.[0] ?? [];
  return { source: join(dirname(source), sources[index]), line: there };
}

const readMap = (path) => {
  const map = JSON.parse(readFileSync(path, "utf8"));
  return { ...map, mappings: decode(map.mappings) };
};

/** The package.json of the package that is compiled: rolldown is started in its folder. */
const manifest = JSON.parse(readFileSync("package.json", "utf8"));

const dependencies = Object.keys(manifest.dependencies ?? {});

/** Whether a specifier is of something that is installed beside the package. */
export const isDependency = (id) => dependencies.some((name) => id === name || id.startsWith(`${name}/`));

/**
 * A module for the files that `wasi-kit run` loads: its functions are taken from where they are installed, when they
 * are called. `module.require` is CommonJS's own require, which rolldown does not look into.
 */
export const later = (id, names) =>
  names.map((name) => `export const ${name} = (...args) => module.require("${id}").${name}(...args);`).join("\n");

/**
 * A package that others import: its code, and the declarations that its users meet, which `tsc` wrote to `build`.
 *
 * @param input - the entry files by the names that they get
 */
export const library = (input) => [
  {
    input,
    platform: "node",
    external: isDependency,
    plugins: [mapLines],
    // A statement that was joined to another would have no line of its own.
    output: { ...modules, minify: { ...minify, compress: { keepNames, sequences: false } }, cleanDir: true },
  },
  {
    input: Object.fromEntries(
      Object.values(manifest.exports)
        .filter(({ types }) => types)
        .map(({ types }) => [basename(types, ".d.ts"), types.replace("/dist/", "/build/")]),
    ),
    external: isDependency,
    plugins: [dts({ dtsInput: true, emitDtsOnly: true, sourcemap: true, tsconfig: false }), mapLines],
    output: { dir: "dist", format: "esm", chunkFileNames: "[name].js", sourcemap: true },
  },
];
