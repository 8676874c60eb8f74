import { capabilities, errno, errnoText, functionNames, functions } from "@wasi-kit/wasi/abi";
import type { Capability, ErrnoName, FunctionName } from "@wasi-kit/wasi/abi";
import { codeBlock, table } from "../page.ts";
import type { Page } from "../page.ts";
import { functionNotes, meanings } from "./preview1-notes.ts";

/** The pages on the functions of preview 1, and on its errors. */
export function preview1Pages(): Page[] {
  return [functionsPage(), errnoPage()];
}

function functionsPage(): Page {
  const blocks = (Object.keys(capabilities) as Capability[]).flatMap((capability) => [
    `## ${capability[0]?.toUpperCase()}${capability.slice(1)}`,
    ...functionNames
      .filter((name) => (capabilities[capability] as readonly string[]).includes(name))
      .flatMap(functionBlocks),
  ]);
  const intro = [
    "# The functions of preview 1",
    "A module imports them from `wasi_snapshot_preview1`. A function returns an errno, a number: 0 if it did what was asked. [All errors](/reference/errno) has the numbers.",
    "Three errors can come from almost every function, and are not repeated below: `badf` for a number that is no open descriptor, `notcapable` for a descriptor without the right that the call needs, and `fault` for an address outside the memory.",
  ];
  return { path: "reference/functions.md", text: `${[...intro, ...blocks].join("\n\n")}\n` };
}

function functionBlocks(name: FunctionName): string[] {
  const { does, errors = {} } = functionNotes[name];
  const parameters = functions[name].map(([parameter, type]) => `${parameter}: ${type}`);
  const returns = name === "proc_exit" ? "" : " -> errno";
  const rows = Object.entries(errors).map(([error, when]) => [
    `[\`${error}\`](/reference/errno#${error})`,
    String(errno[error as ErrnoName]),
    when,
  ]);
  return [
    `### \`${name}\``,
    does,
    codeBlock("text", signature(name, parameters) + returns),
    ...(rows.length > 0 ? [table(["errno", "number", "when"], rows)] : []),
  ];
}

const users = (error: ErrnoName): string[] =>
  functionNames.filter((name) => error in (functionNotes[name].errors ?? {}));

/** On lines of their own if they are too many for one. */
function signature(name: string, parameters: readonly string[]): string {
  const line = `${name}(${parameters.join(", ")})`;
  return line.length <= 64 ? line : `${name}(\n${parameters.map((it) => `  ${it},\n`).join("")})`;
}

function errnoPage(): Page {
  const blocks = (Object.keys(meanings) as ErrnoName[]).flatMap((name) => [
    `## \`${name}\``,
    `Number ${errno[name]}. ${errnoText[name]}. ${meanings[name]}`,
    ...(users(name).length > 0
      ? [
          `From ${users(name)
            .map((it) => `[\`${it}\`](/reference/functions#${it})`)
            .join(", ")}.`,
        ]
      : []),
  ]);
  const unused = Object.keys(errno).filter((name) => name !== "success" && !(name in meanings));
  const intro = [
    "# The errors of preview 1",
    "WASI has a number for each error, its _errno_. This is what each of them means in wasi-kit. What the host's operating system reports is passed on under the same name: `nospc` is a full disk.",
  ];
  const rest = [
    "## The others",
    `No function of wasi-kit returns these: ${unused.map((it) => `\`${it}\` (${errno[it as ErrnoName]})`).join(", ")}.`,
  ];
  return { path: "reference/errno.md", text: `${[...intro, ...blocks, ...rest].join("\n\n")}\n` };
}
