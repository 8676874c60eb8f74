/** A project that is started from an example, and what to type for that. */
export interface Trial {
  name: string;
  example: string;
  /** Makes the folder `project`. */
  create: string;
  install: string;
  /** What the README of a project says, and what a newcomer does first. */
  use: readonly string[];
  test: string;
}

const npm = (example: string): Trial => ({
  name: `npm ${example}`,
  example,
  create: `npm create --yes wasi-kit@latest project -- --example ${example} --package-manager npm --yes --no-install --no-git`,
  install: "npm install",
  use: ["npm start", "npx --no-install wasi-kit run"],
  test: "npm test",
});

/** One for each language, and one for each of the other package managers. */
export const trials: readonly Trial[] = [
  npm("wat/hello"),
  npm("rust/read-file"),
  npm("assemblyscript/hello"),
  {
    name: "pnpm wat/stdin-filter",
    example: "wat/stdin-filter",
    create:
      "pnpm create wasi-kit@latest project --example wat/stdin-filter --package-manager pnpm --yes --no-install --no-git",
    install: "pnpm install",
    use: ["pnpm start", "pnpm exec wasi-kit run"],
    test: "pnpm test",
  },
  {
    name: "yarn assemblyscript/read-file",
    example: "assemblyscript/read-file",
    create:
      "yarn create wasi-kit project --example assemblyscript/read-file --package-manager yarn --yes --no-install --no-git",
    install: "yarn install",
    use: ["yarn start", "yarn run wasi-kit run"],
    test: "yarn test",
  },
];
