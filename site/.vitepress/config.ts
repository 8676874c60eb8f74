import { relative } from "node:path";
import { defineConfig } from "vitepress";
import { pageStyle } from "../../tools/docs/pictures/svg.ts";
import { root } from "../../tools/root.ts";
import { checkLinks } from "../pages/check-links.ts";
import { copyPlayground } from "../pages/playground.ts";
import { slugOf } from "../pages/slug.ts";
import { nameTableHeads } from "../pages/table-heads.ts";
import { pagesFolder, writePages } from "../pages/write-pages.ts";
import { sidebarOf } from "./sidebar.ts";

/** The colours of pictures, for the theme to import. */
const picturesStyle = "virtual:pictures.css";

/** A window with a module behind it. */
const icon = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><rect x="1" y="1" width="14" height="14" rx="3" fill="#3451b2"/><path d="M4 8h8M8 4v8" stroke="#fff" stroke-width="2"/></svg>`;

export default async () => {
  const pages = await writePages();
  copyPlayground(`${pagesFolder}/public`);
  return defineConfig({
    title: "wasi-kit",
    description: "Build, run, test and understand WASI programs on Node.js",
    lang: "en",
    srcDir: relative(`${root}/site`, pagesFolder),
    outDir: "build/site",
    head: [["link", { rel: "icon", href: `data:image/svg+xml,${encodeURIComponent(icon)}` }]],
    markdown: {
      // The names that a document is included with are its file's endings.
      languageAlias: { wat: "wasm", rs: "rust" },
      theme: { light: "github-light-high-contrast", dark: "github-dark-high-contrast" },
      anchor: { slugify: slugOf },
      config: nameTableHeads,
    },
    themeConfig: {
      search: { provider: "local" },
      outline: { level: [2, 3] },
      nav: [
        { text: "Tutorial", link: "/tutorial/", activeMatch: "^/tutorial/" },
        { text: "Guides", link: "/guides/install", activeMatch: "^/guides/" },
        { text: "Examples", link: "/examples/", activeMatch: "^/examples/" },
        { text: "Playground", link: "/playground/index.html", target: "_self" },
        { text: "Reference", link: "/reference/", activeMatch: "^/(reference|api)/" },
      ],
      sidebar: sidebarOf(pages),
    },
    vite: {
      plugins: [
        {
          name: "wasi-kit-pages",
          resolveId: (id) => (id === picturesStyle ? `\0${id}` : undefined),
          load: (id) => (id === `\0${picturesStyle}` ? pageStyle : undefined),
          // A document that is edited is seen at once.
          configureServer(server) {
            server.watcher.add([`${root}/docs`, `${root}/examples`, `${root}/site/content`, `${root}/README.md`]);
            server.watcher.on("change", (path) => {
              if (path.endsWith(".md") && !path.startsWith(pagesFolder)) void writePages();
            });
          },
        },
      ],
    },
    buildEnd({ outDir }) {
      checkLinks(outDir);
    },
  });
};
