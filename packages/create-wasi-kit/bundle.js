// Writes bundle/templates.json: the examples, as a project of their own has them. So there is no second copy of them in
// git, and what is packed knows nothing of the workspace. Plain JavaScript, since `npm pack` runs it.
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, posix } from "node:path";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";

const root = fileURLToPath(new URL("../..", import.meta.url));
const read = (path) => readFileSync(join(root, path), "utf8");
const readJson = (path) => JSON.parse(read(path));

/** The files that git has: no result of a build, and nothing that lies about. */
const tracked = (...paths) =>
  execFileSync("git", ["ls-files", "-z", ...paths], { cwd: root, encoding: "utf8" })
    .split("\0")
    .filter(Boolean);

const { catalog } = parse(read("pnpm-workspace.yaml"));
const versions = Object.fromEntries(
  tracked("packages/*/package.json").map((path) => {
    const { name, version } = readJson(path);
    return [name, version];
  }),
);

/** The version that a project depends on, for what the workspace has in its place. */
function published(name, range) {
  const found =
    range === "catalog:"
      ? catalog[name]
      : range.startsWith("workspace:")
        ? versions[name] && `^${versions[name]}`
        : range;
  if (!found || /^[a-z]+:/.test(found)) throw new Error(`${name}: there is no published version for ${range}`);
  return found;
}

/** What is done to a file on its way, by its name. */
const changes = {
  "package.json": (text) => {
    const { license: _, ...manifest } = JSON.parse(text);
    for (const key of ["dependencies", "devDependencies"]) {
      for (const [name, range] of Object.entries(manifest[key] ?? {})) manifest[key][name] = published(name, range);
    }
    return `${JSON.stringify(manifest, null, 2)}\n`;
  },
  "README.md": (text, example) =>
    text
      // How to get what the reader has got.
      .replaceAll(/<!-- create -->[^]*?<!-- \/create -->\n*/g, "")
      // What a document includes stays, and that it is included goes.
      .replaceAll(/<!-- \/?[a-zA-Z]+.*? ?-->\n\n?/g, "")
      .replaceAll(/\n{3,}/g, "\n\n")
      // What lies outside is named, as create-wasi-kit and `wasi-kit add` know it.
      .replaceAll(/\[([^\]]*)\]\((\.\.\/[^)]*)\)/g, (_, words, path) => {
        const other = posix.join(example, path);
        return other in examples ? `\`${other}\`` : words;
      })
      .trimEnd()
      .concat("\n"),
};

/** Without crates to lock, cargo writes the same lockfile again by itself. */
const left = new Set(["Cargo.lock"]);

/** @type {Record<string, { description: string, files: Record<string, string> }>} */
const examples = {};
for (const path of tracked("examples/*/*/wasi.json")) {
  const [, language, scenario] = path.split("/");
  examples[`${language}/${scenario}`] = { description: readJson(path).description, files: {} };
}
for (const path of tracked("examples/*/*")) {
  const [, language, scenario, ...rest] = path.split("/");
  const name = `${language}/${scenario}`;
  const file = rest.join("/");
  if (!(name in examples) || left.has(file)) continue;
  const text = read(path);
  if (text.includes("\uFFFD")) throw new Error(`${path} is no text in UTF-8, and a template has to be`);
  examples[name].files[file] = changes[file]?.(text, name) ?? text;
}

mkdirSync(new URL("bundle", import.meta.url), { recursive: true });
const templates = { editorconfig: read(".editorconfig"), examples };
writeFileSync(new URL("bundle/templates.json", import.meta.url), `${JSON.stringify(templates)}\n`);
