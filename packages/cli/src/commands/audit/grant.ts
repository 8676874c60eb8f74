import type { Run } from "@wasi-kit/manifest";
import { withoutPart, withReadOnly } from "@wasi-kit/manifest/edit";
import type { KeyPath } from "@wasi-kit/manifest/edit";
import type { Usage } from "./usage.ts";

/** A kind of grant. */
export type GrantKind = "preopen" | "write access" | "variable" | "args" | "stdin";

/** Something that a run is granted, and may be able to do without. */
export interface Grant {
  kind: GrantKind;
  /** The guest path or the variable's name; null if there is only one of its kind. */
  name: string | null;
  /** Its place in the run. */
  keyPath: KeyPath;
}

/** What the calls of a run say of a grant: that it was used, that it was not, or neither. */
type Evidence = "used" | "unused" | "unclear";

/** What there is to know of a kind. */
interface GrantKindInfo {
  /** Those of it that a run is granted. */
  of(run: Run, hostEnv: NodeJS.ProcessEnv): Omit<Grant, "kind">[];
  evidence(usage: Usage, name: string): Evidence;
  /** Why one is not needed, if a run without it gave the same result. */
  why: { readonly unused: string; readonly unclear?: string };
  /** The manifest without it. */
  removeGrant(text: string, keyPath: KeyPath): string | undefined;
}

/** In this order they are taken away: a directory as a whole before the access to it. */
const kinds: Readonly<Record<GrantKind, GrantKindInfo>> = {
  preopen: {
    of: ({ preopens = {} }) => Object.keys(preopens).map((name) => ({ name, keyPath: ["preopens", name] })),
    evidence: ({ reached }, name) => (reached.has(name) ? "used" : "unused"),
    why: { unused: "not needed: nothing was opened, listed or looked up in it" },
    removeGrant: withoutPart,
  },
  "write access": {
    of: ({ preopens = {} }) =>
      Object.entries(preopens)
        .filter(([, preopen]) => typeof preopen === "string" || preopen.access !== "read-only")
        .map(([name]) => ({ name, keyPath: ["preopens", name] })),
    evidence: ({ changed, openedForWriting }, name) =>
      changed.has(name) ? "used" : openedForWriting.has(name) ? "unclear" : "unused",
    why: {
      unused: "not needed: nothing in it was written, created, renamed or removed",
      unclear: "not needed: a file was opened for writing, but none was written",
    },
    removeGrant: withReadOnly,
  },
  variable: {
    of: ({ env = {}, inheritEnv = [] }, hostEnv) => [
      // What the host does not have is not passed on, and a run shows nothing of it.
      ...inheritEnv
        .filter((name) => hostEnv[name] !== undefined)
        .map((name) => ({ name, keyPath: ["inheritEnv", name] })),
      ...Object.keys(env).map((name) => ({ name, keyPath: ["env", name] })),
    ],
    evidence: ({ asked }) => (asked.variables ? "unclear" : "unused"),
    why: {
      unused: "not needed: the program never asks for its variables",
      unclear: "not needed: the program reads its variables, and does the same without this one",
    },
    removeGrant: withoutPart,
  },
  args: {
    of: ({ args = [] }) => (args.length > 0 ? [{ name: null, keyPath: ["args"] }] : []),
    evidence: ({ asked }) => (asked.args ? "unclear" : "unused"),
    why: {
      unused: "not needed: the program never asks for its arguments",
      unclear: "not needed: the program reads its arguments, and does the same without them",
    },
    removeGrant: withoutPart,
  },
  stdin: {
    of: ({ stdin = "" }) => (stdin === "" ? [] : [{ name: null, keyPath: ["stdin"] }]),
    evidence: ({ asked }) => (asked.stdin ? "unclear" : "unused"),
    why: {
      unused: "not needed: the program never reads it",
      unclear: "not needed: the program reads it, and does the same when there is nothing to read",
    },
    removeGrant: withoutPart,
  },
};

/**
 * What a run is granted that it may be able to do without.
 *
 * @param hostEnv - where `inheritEnv` takes variables from
 */
export function grantsOf(run: Run, hostEnv: NodeJS.ProcessEnv): Grant[] {
  return Object.entries(kinds).flatMap(([kind, { of }]) =>
    of(run, hostEnv).map((grant) => ({ kind: kind as GrantKind, ...grant })),
  );
}

/** What the calls of a run say of a grant of its. */
export const evidenceOf = ({ kind, name }: Grant, usage: Usage): Evidence => kinds[kind].evidence(usage, name ?? "");

/** Why a grant is not needed, in a newcomer's words. */
export function reasonFor({ kind }: Grant, evidence: Exclude<Evidence, "used">): string {
  const { why } = kinds[kind];
  return why[evidence] ?? why.unused;
}

/** The text of a manifest in which a run does not have a grant; undefined if it does not have it any more. */
export const removeGrant = (text: string, run: string, { kind, keyPath }: Grant): string | undefined =>
  kinds[kind].removeGrant(text, ["runs", run, ...keyPath]);
