import { quote } from "@wasi-kit/manifest";
import { asTyped } from "@wasi-kit/runner/commands";
import { columns } from "../../ui/columns.ts";
import { count } from "../../ui/format.ts";
import { limited } from "../../ui/layout.ts";
import { paint } from "../../ui/output.ts";
import type { ProgramAudit } from "./audit-programs.ts";
import type { RunAudit } from "./audit-run.ts";
import { runsIn } from "@wasi-kit/manifest/edit";
import type { Refusal } from "./usage.ts";

/** Why something was refused, in a newcomer's words. */
const reasons: Readonly<Record<Refusal["reason"], string>> = {
  outside: "it leads out of what was granted, or asks for more (notcapable)",
  "not-opened-for-it": "the file was not opened for that, or its directory is granted for reading only (notcapable)",
  "no-such-preopen": "there is no preopen to start from (badf)",
  "read-only": "the directory is granted for reading only (rofs)",
};

/** What was found of a run, with what its program is called. */
type NamedAudit = RunAudit & { program: string };

/** Whether there is something to report of a run. */
export const hasFindings = (audit: RunAudit): boolean => audit.unneeded.length > 0 || hasUnfixable(audit);

/** Whether there is something to report that a smaller manifest does not fix. */
export const hasUnfixable = ({ status, refused }: RunAudit): boolean => status === "failed" || refused.length > 0;

/** What was found of a run, a line each; undefined if there is nothing to report. */
export function describeAudit(audit: NamedAudit): string | undefined {
  const rows = [...failure(audit), ...unneeded(audit), ...refused(audit), ...notes(audit)];
  if (rows.length === 0) return undefined;
  const title = paint(process.stdout, "strong", `${audit.program} ${audit.run}`);
  return [title, ...columns(rows).map((line) => `  ${line}`)].join("\n");
}

type Finding = readonly [subject: string, text: string];

const failure = ({ status, ending }: RunAudit): Finding[] =>
  status === "failed"
    ? [["failed", asTyped(`${ending}, which is not what its wasi.json expects: see wasi-kit run`, ".")]]
    : [];

const unneeded = (audit: RunAudit): Finding[] =>
  audit.unneeded.map(({ kind, name, why }) => [name === null ? kind : `${kind} ${quote(name)}`, why]);

const refused = (audit: RunAudit): Finding[] =>
  limited(audit.refused, (shown) => shown.map(describeRefusal)).map((line) => ["refused", line]);

function describeRefusal({ function: name, paths, in: start, reason, times }: Refusal): string {
  const from = start === null ? "" : ` from ${quote(start)}`;
  const often = times > 1 ? `, ${times} times` : "";
  return `${[name, paths.map(quote).join(" and ")].join(" ").trimEnd()}${from}: ${reasons[reason]}${often}`;
}

const notes = ({ nonDeterministic }: RunAudit): Finding[] =>
  nonDeterministic.length === 0
    ? []
    : [
        [
          "not repeatable",
          `${nonDeterministic.join(" and ")} differed in two runs, so that only grants that it never asked for can be found; "clock" and "randomSeed" may help`,
        ],
      ];

/** The runs that can be granted less, as they can be put into their manifests. */
export function describeMinimal(audits: readonly ProgramAudit[]): string {
  const manifests = audits.map(({ path, after, runs }) => {
    const changed = runs.filter(({ unneeded: found }) => found.length > 0).map(({ run }) => run);
    return `${path}\n${runsIn(after, changed)}`;
  });
  return ["These runs do the same with this alone; --write puts it into their manifests:", ...manifests].join("\n\n");
}

/**
 * The end of a report.
 *
 * @param isWritten - whether what is not needed was taken away
 */
export function summarize(runs: readonly RunAudit[], programs: number, isWritten: boolean): string {
  const found = runs.filter(isWritten ? hasUnfixable : hasFindings).length;
  const lessened = isWritten ? runs.filter((it) => it.unneeded.length > 0).length : 0;
  const kept = runs.filter(({ status }) => status === "kept").length;
  const all = `${count(runs.length, "run")} of ${count(programs, "program")}`;
  const verdict = [
    ...(lessened > 0 ? [`${lessened} of ${all} ${lessened === 1 ? "is" : "are"} granted less now.`] : []),
    ...(found > 0 ? [`${found} of ${all} ${found === 1 ? "has" : "have"} something to report.`] : []),
  ];
  return [
    paint(process.stdout, found === 0 ? "ok" : "warn", verdict.join("\n") || `${all}: nothing to report.`),
    ...(kept > 0 ? [`Left as they are, since their exitCode says that they are to fail: ${count(kept, "run")}.`] : []),
  ].join("\n");
}
