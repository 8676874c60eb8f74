import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { env } from "node:process";
import { hashOf } from "../../record/inputs.ts";
import type { Language } from "../language.ts";

/** Go: a program is a package main of a module. */
export const go: Language = {
  title: "Go",
  about: "The standard library and its runtime, which make modules of some MB; needs Go 1.21 or newer",
  source: "main.go",
  sign: "go.mod",
  sources: ["**/*.go"],
  comment: /^\s*\/\/.*|\/\*[^]*?\*\//gm,
  project: {
    edited: "main.go",
    files: [
      ["main.go", "the program"],
      ["go.mod", "its module"],
    ],
    ignored: [],
    needs: "Go needs its compiler, 1.21 or newer",
    steps: ["uses: actions/setup-go@v6\n        with:\n          go-version-file: go.mod"],
    editor: "`.vscode/settings.json` has gopls see what is built for WASI.",
    problems: [
      { regexp: "^(?!wasi-kit: )(.+?\\.go):(\\d+)(?::(\\d+))?: (.*)$", file: 1, line: 2, column: 3, message: 4 },
    ],
    extensions: ["golang.go"],
    settings: { gopls: { "build.env": { GOOS: "wasip1", GOARCH: "wasm" } } },
  },
  parallelBuilds: availableParallelism(),
  findSources: (dir) => (existsSync(join(dir, "go.mod")) ? ["go.mod"] : []),
  detect: async (dir) => (await import("./detect.ts")).detect(dir),
  tools: async (dir) => (await import("./ensure-go.ts")).goTools(dir),
  installTools: async (options) => (await import("./ensure-go.ts")).ensureGo(options),
  environment: () => ({
    variables: hashOf(
      JSON.stringify(
        Object.entries(env)
          .filter(([name]) => /^(GO|CGO_)/.test(name))
          .toSorted(([a], [b]) => (a < b ? -1 : 1)),
      ),
    ),
  }),
};
