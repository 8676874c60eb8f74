/** Starts a registry on loopback that has the packages: see `help`. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { packAll } from "./packages.ts";
import { publishTarballs } from "./publish-tarballs.ts";
import { anybodysSettings, startRegistry } from "./registry.ts";

const help = `pnpm registry [--port NUMBER]

Packs the packages, publishes them to a registry on loopback, and leaves it running until Ctrl-C. Other packages come from
the registry that npm is set up for.

  --port NUMBER  default: 4873; 0 takes one that is free
`;

process.exitCode = await main(process.argv.slice(2));

async function main(args: string[]): Promise<number> {
  let port: number;
  try {
    const { values } = parseArgs({ args, options: { port: { type: "string", default: "4873" } } });
    port = Number(values.port);
    if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new Error(`${values.port} is no port.`);
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n\n${help}`);
    return 2;
  }
  const ended = Promise.race([once(process, "SIGINT"), once(process, "SIGTERM"), once(process, "SIGHUP")]);
  const folder = mkdtempSync(join(tmpdir(), "wasi-kit-registry-"));
  try {
    const tarballs = await packAll(folder);
    mkdirSync(join(folder, "registry"));
    const registry = await startRegistry(join(folder, "registry"), port);
    try {
      const npmrc = join(folder, "npmrc");
      writeFileSync(npmrc, anybodysSettings(registry));
      await publishTarballs(tarballs, { args: ["--no-provenance"], env: { npm_config_userconfig: npmrc } });
      process.stdout.write(`${introduction(registry.url)}\n`);
      await ended;
      return 0;
    } finally {
      await registry.stop();
    }
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`);
    return 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function introduction(url: string): string {
  return `A registry with wasi-kit's packages listens at ${url} until Ctrl-C. In another terminal:

  export npm_config_registry=${url} pnpm_config_registry=${url}
  npm create wasi-kit@latest my-app`;
}
