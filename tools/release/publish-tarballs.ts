import { x } from "tinyexec";
import type { Tarball } from "./packages.ts";

/** How tarballs are published: what else npm is given, and where it runs. */
export interface PublishOptions {
  args?: readonly string[];
  env?: NodeJS.ProcessEnv;
}

/**
 * Publishes what the registry of npm's settings does not have in this version.
 *
 * @returns those that were published
 * @throws Error with what npm says
 */
export async function publishTarballs(tarballs: readonly Tarball[], options: PublishOptions = {}): Promise<Tarball[]> {
  const { args = [], env = {} } = options;
  const isThere = await Promise.all(tarballs.map((it) => isPublished(it, env)));
  const missing = tarballs.filter((_, i) => !isThere[i]);
  await Promise.all(missing.map((it) => publish(it, args, env)));
  return missing;
}

async function publish(
  { name, version, filename }: Tarball,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<void> {
  const { exitCode, stdout, stderr } = await x("npm", ["publish", filename, ...args], { nodeOptions: { env } });
  if (exitCode !== 0) throw new Error(`${name} ${version} can't be published:\n${stdout}${stderr}`);
}

async function isPublished({ name, version }: Tarball, env: NodeJS.ProcessEnv): Promise<boolean> {
  const { exitCode, stdout, stderr } = await x("npm", ["view", `${name}@${version}`, "version", "--json"], {
    nodeOptions: { env },
  });
  if (exitCode === 0) return stdout.trim() !== "";
  // npm says so as well if there are other versions of it.
  if (/E404/.test(`${stdout}${stderr}`)) return false;
  throw new Error(`npm can't say whether ${name} ${version} is published already:\n${stdout}${stderr}`);
}
