import { lstatSync } from "node:fs";
import type { Root } from "../../descriptors.ts";
import { CallError } from "../../guest.ts";
import { errno } from "../../preview1/errno.ts";
import type { Preview1 } from "../../preview1/functions.ts";
import { scratch } from "../../scratch.ts";

/** Where a path led: no component of it is a link, a `.` or a `..`. It stands in its place in {@link scratch}. */
export interface Found {
  root: Root;
  /** From the root on, as a byte string; a slash at its end asks for a directory. */
  path: string;
  /** Its address in scratch. */
  address: number;
  /** Its size there. */
  size: number;
  /** Whether there is something. What is not there can only be the last component. */
  isThere: boolean;
  /** Whether it is a link, which was not to be followed. */
  isLink: boolean;
  /** Whether it ended in `.` or `..`, which can't be created, renamed or removed. */
  isDots: boolean;
}

/**
 * What becomes of a link in the last component: `follow` it; take the link
 * itself (`keep`; with a slash after it, it is followed); take it as an `entry`
 * to remove or rename (with a slash after it, it is not a directory) or as a
 * `new` one (it is there already, with or without); or `leave` it unseen to a
 * caller that looks itself (with a slash, as `keep`).
 */
export type LastLink = "follow" | "keep" | "entry" | "new" | "leave";

/** How many links a path may lead through, as Linux has it. */
const mostLinks = 40;

/**
 * Resolves a path component by component, from the preopen's root on and as
 * the tree is now. node:wasi looks at the last component only, and lets links
 * before it lead out; so it is handed nothing but what this function found.
 *
 * @param base - the directory that the path starts from, from the root on; a link in it is never followed
 * @param text - the guest's path, a byte string
 * @param place - which of the two places in scratch it goes to
 */
export function resolve(native: Preview1, root: Root, base: string, text: string, last: LastLink, place = 0): Found {
  if (text === "") throw new CallError(errno.noent);
  if (text.startsWith("/")) throw new CallError(errno.notcapable);
  checkRoot(root);

  const address = scratch.paths[place]!;
  const found: Found = { root, path: "", address, size: 0, isThere: true, isLink: false, isDots: false };
  // `rest` is rewritten as dots are taken out and links put in. What stands
  // before `at` is settled: directories, without links.
  let rest = collapse(base === "" ? text : `${base}/${text}`);
  let [at, own, links] = [0, base.length, 0];
  put(rest, address);

  while (at < rest.length) {
    const slash = rest.indexOf("/", at);
    const end = slash < 0 ? rest.length : slash;
    const isLast = end >= rest.length - 1;

    if (isDots(rest, at, end)) {
      let start = at;
      if (end - at === 2) {
        if (at === 0) throw new CallError(errno.notcapable);
        // With the slash, this is an error where it is not a directory.
        settle(look(native, root, address, at));
        start = rest.lastIndexOf("/", at - 2) + 1;
        // A directory's descriptor gives what is below it. A link is judged by
        // the preopen alone: it may be there for the whole tree's sake.
        if (start < own && links === 0) throw new CallError(errno.notcapable);
        own = Math.min(own, start);
      }
      rest = rest.slice(0, start) + rest.slice(end + 1);
      at = start;
      found.isDots = isLast;
      put(rest, address);
      continue;
    }

    if (last === "leave" && end === rest.length) break;
    const seen = look(native, root, address, end);
    if (seen === errno.noent && isLast) {
      found.isThere = false;
      break;
    }
    if (!settle(seen)) {
      at = Math.min(end + 1, rest.length);
      continue;
    }
    if (at < own) throw new CallError(errno.notcapable);
    if (isLast && last !== "follow") {
      if (end === rest.length) {
        found.isLink = true;
        break;
      }
      if (last === "entry") throw new CallError(errno.notdir);
      if (last === "new") throw new CallError(errno.exist);
    }
    if (++links > mostLinks) throw new CallError(errno.loop);
    const target = readLink(native, root, address, end);
    if (target.startsWith("/")) throw new CallError(errno.notcapable);
    if (target === "") throw new CallError(errno.noent);
    rest = collapse(rest.slice(0, at) + target + rest.slice(end));
    put(rest, address);
  }

  // The root itself has no name of its own.
  if (rest === "") put(".", address);
  found.path = rest;
  found.size = rest.length || 1;
  return found;
}

/** The text of the link at an address in scratch, as a byte string. */
export function readLink(native: Preview1, root: Root, address: number, size: number): string {
  const { data, dataSize, out } = scratch;
  const code = native.path_readlink(root.host, address, size, data, dataSize, out);
  if (code !== errno.success) throw new CallError(code);
  return scratch.bytes.toString("latin1", data, data + scratch.view.getUint32(out, true));
}

/**
 * Asks for a link's text with no room for it: `nobufs` is then a link, and
 * `inval` anything else. It is the cheapest question there is: what throws, or
 * builds an object, costs several times as much.
 */
function look(native: Preview1, root: Root, address: number, size: number): number {
  return native.path_readlink(root.host, address, size, scratch.data, 0, scratch.out);
}

/** Whether it is a link; anything but yes or no ends the call. */
function settle(code: number): boolean {
  if (code === errno.inval) return false;
  if (code === errno.nobufs || code === errno.success) return true;
  throw new CallError(code);
}

// Paths are short: a loop takes half the time of Buffer's write.
function put(text: string, address: number): void {
  const { bytes, pathSize } = scratch;
  if (text.length > pathSize) throw new CallError(errno.nametoolong);
  for (let i = 0; i < text.length; i++) bytes[address + i] = text.charCodeAt(i);
}

const dot = 0x2e;

/** Whether a component is `.` or `..`. */
function isDots(path: string, start: number, end: number): boolean {
  const size = end - start;
  return path.charCodeAt(start) === dot && (size === 1 || (size === 2 && path.charCodeAt(start + 1) === dot));
}

function collapse(text: string): string {
  return text.includes("//") ? text.replace(/\/{2,}/g, "/") : text;
}

// A preopen within another one can be moved by the guest, and a link put in its
// place; node:wasi, which knows it by its path, would go there.
function checkRoot({ identity, path }: Root): void {
  if (!identity) return;
  const now = lstatSync(Buffer.from(path, "latin1"), { bigint: true, throwIfNoEntry: false });
  if (now?.ino !== identity.ino || now.dev !== identity.dev) throw new CallError(errno.noent);
}
