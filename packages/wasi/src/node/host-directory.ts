import { fstatSync, lstatSync, openSync, realpathSync, statSync } from "node:fs";
import { requireOptions, oneOf } from "../option-rules.ts";
import type { OptionRules } from "../option-rules.ts";
import type { DirectoryHandle, FileSystem } from "../fs/file-system.ts";
import { hostPath } from "./host/directory.ts";
import { DirectoryByDescriptor } from "./host/directory-by-descriptor.ts";
import { DirectoryByPath } from "./host/directory-by-path.ts";
import { onHost } from "./host/error.ts";
import { createExactTimes } from "./host/exact-times.ts";
import type { HostRoot } from "./host/file.ts";
import { rootFlags } from "./host/flags.ts";
import { OpenDescriptors } from "./host/open-descriptors.ts";
import { WasiError } from "../wasi-error.ts";

/** How a directory of the host is used. */
export interface HostDirectoryOptions {
  /**
   * How directories below it are held while they are open: by `"descriptor"`,
   * which no other process can redirect, or by `"path"`, which is open to races.
   * Default: `"descriptor"` if the host supports it ({@link holdsByDescriptor}).
   */
  readonly hold?: "descriptor" | "path";
}

/** What each option of {@link hostDirectory} may be. */
export const hostDirectoryOptionRules: OptionRules<HostDirectoryOptions> = { hold: oneOf("descriptor", "path") };

/**
 * A directory of the host and everything below it.
 *
 * @param path - relative to the working directory, or absolute. Links in it are followed when the root is opened
 * @throws OptionError `E_OPTION`
 */
export function hostDirectory(path: string, options: HostDirectoryOptions = {}): FileSystem {
  requireOptions(options, hostDirectoryOptionRules, "hostDirectory()");
  const { hold } = options;
  const isByDescriptor = hold === undefined ? holdsByDescriptor() : hold === "descriptor";
  return { open: () => (isByDescriptor ? openByDescriptor(path) : openByPath(path)) };
}

function openByDescriptor(path: string): DirectoryHandle {
  const root = createRoot(true);
  return new DirectoryByDescriptor(
    root,
    root.descriptors.open(() => openSync(path, rootFlags)),
    true,
  );
}

function openByPath(path: string): DirectoryHandle {
  return onHost(() => {
    const real = Buffer.from(realpathSync.native(path)).toString("latin1").replace(/\/$/, "");
    const stats = lstatSync(hostPath(real || "/"), { bigint: true });
    if (!stats.isDirectory()) throw new WasiError("notdir");
    return new DirectoryByPath(createRoot(false), real, stats, true);
  });
}

const createRoot = (hasProc: boolean): HostRoot => ({
  descriptors: new OpenDescriptors(),
  times: createExactTimes(),
  hasProc,
});

let isHeldByDescriptor: boolean | undefined;

/** Whether this host has paths for descriptors: Linux with `/proc`. On other hosts, races are possible. */
export function holdsByDescriptor(): boolean {
  isHeldByDescriptor ??= process.platform === "linux" && findsProc();
  return isHeldByDescriptor;
}

function findsProc(): boolean {
  const descriptors = new OpenDescriptors();
  try {
    const { fd } = descriptors.open(() => openSync("/", rootFlags));
    return statSync(`/proc/self/fd/${fd}`).ino === fstatSync(fd).ino;
  } catch {
    return false;
  } finally {
    descriptors.closeAll();
  }
}
