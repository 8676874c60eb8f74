// Writes bundle/templates.json: the examples, as a project of their own has them. So there is no second copy of them in
// git, and what is packed knows nothing of the workspace. Plain JavaScript, since `npm pack` runs it.
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { languages } from "@wasi-kit/compiler";
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

/** What is done to a file on its way, by its name or by how that ends. */
const changes = {
  "package.json": (text) => {
    const { license: _, ...manifest } = JSON.parse(text);
    for (const key of ["dependencies", "devDependencies"]) {
      for (const [name, range] of Object.entries(manifest[key] ?? {})) manifest[key][name] = published(name, range);
    }
    return `${JSON.stringify(manifest, null, 2)}\n`;
  },
  // Examples are compared with each other, and a project has nothing to be compared with.
  "wasi.json": (text) => {
    const own = text.replaceAll(/,?\s*"differs": \{[^}]*\}/g, "").replaceAll(/\{\s+\}/g, "{}");
    for (const run of Object.values(JSON.parse(own).runs)) {
      if ("differs" in run) throw new Error(`differs could not be taken out of this:\n${text}`);
    }
    return own;
  },
  // Other examples are not there.
  ".wat": (text) => text.replace(/^(;;\n)?;; hello\.wat explains .*\n/m, ""),
};

/**
 * What a project gets otherwise: a README of its own; and without crates to lock, cargo writes the same lockfile again
 * by itself.
 */
const left = new Set(["Cargo.lock", "README.md"]);

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
  const change = changes[file] ?? changes[extname(file)];
  examples[name].files[file] = change ? change(text) : text;
}

const facts = Object.fromEntries(
  Object.entries(languages).map(([name, { title, about, project }]) => [name, { title, about, ...project }]),
);

mkdirSync(new URL("bundle", import.meta.url), { recursive: true });
const templates = { editorconfig: read(".editorconfig"), languages: facts, examples };
writeFileSync(new URL("bundle/templates.json", import.meta.url), `${JSON.stringify(templates)}\n`);
