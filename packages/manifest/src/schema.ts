import * as v from "valibot";
import { defaultSources, languageNames } from "./languages.ts";
import { limitEntries, runLimitNames } from "./limits.ts";

/** What of a run is the same in every language that a program is written in, unless its manifest says otherwise. */
const parts = ["grants", "fixtures", "outcome", "exitCode", "stdout", "stderr", "changes"] as const;

/** The library takes a list for an object whose keys are 0, 1, …; this does not. */
function object<const TSchema extends v.GenericSchema>(schema: TSchema): TSchema {
  return {
    ...schema,
    "~run"(dataset, config) {
      if (!Array.isArray(dataset.value)) return schema["~run"](dataset, config);
      // eslint-disable-next-line no-underscore-dangle -- the library's own name
      v._addIssue(this, "type", dataset, config);
      return dataset as never; // it has issues now, so its value is not read
    },
  };
}

const text = (description: string) => v.pipe(v.string(), v.description(description));
const textWithoutNul = v.pipe(v.string(), v.regex(/^[^\0]*$/, "text without a NUL, which no guest can be given"));
/** What may be made below one directory. */
const directoryLimits = limitEntries(["maxWrittenBytes", "maxFiles"]);

const compiled = object(
  v.strictObject({
    language: v.pipe(v.picklist(languageNames), v.description("What the source is written in.")),
    source: v.optional(
      v.pipe(
        v.string(),
        v.description(
          `The source to compile, relative to this file. Default: ${languageNames.map((name) => `${defaultSources[name]} for ${name}`).join(", ")}; NAME is the module's.`,
        ),
      ),
    ),
  }),
);

const commanded = object(
  v.strictObject({
    command: v.pipe(
      v.tupleWithRest([v.pipe(v.string(), v.minLength(1, "the name of a program"))], v.string()),
      v.description(
        'The program that makes the module, and its arguments: ["make", "out.wasm"]. It is started in this folder, without a shell.',
      ),
    ),
    inputs: v.pipe(
      v.array(v.pipe(v.string(), v.minLength(1, "the path of a file, or a pattern such as src/**/*.c"))),
      v.minLength(1, "at least one path or pattern"),
      v.description(
        'The files that it makes the module of, relative to this file: paths, folders and patterns such as ["src/**/*.c", "Makefile"]. It is started again if one of them has changed, or the module.',
      ),
    ),
  }),
);

const build = v.union([compiled, commanded]);

/** Files by name: text, or another directory. */
export interface Files {
  [name: string]: string | Files;
}

const fileName = v.pipe(
  v.string(),
  v.regex(/^(?!\.{1,2}$)[^/\0]+$/, 'the name of a file: not empty, without "/", and neither "." nor ".."'),
);
const files: v.GenericSchema<Files> = object(v.record(fileName, v.union([v.string(), v.lazy(() => files)])));

const preopen = v.union([
  text("The host directory, for reading and writing; relative to this file."),
  object(
    v.strictObject({
      path: text("The host directory, relative to this file."),
      access: v.optional(
        v.pipe(
          v.picklist(["read-only", "read-write", "copy-on-write"]),
          v.description(
            "What the guest may do there. With copy-on-write it sees its changes, and the directory stays as it is. Default: read-write.",
          ),
        ),
      ),
      ...directoryLimits,
    }),
  ),
  object(
    v.strictObject({
      files: v.pipe(files, v.description("Files in memory: name to text, or to the files of a directory.")),
      access: v.optional(
        v.pipe(
          v.picklist(["read-only", "read-write"]),
          v.description("What the guest may do there. Default: read-write."),
        ),
      ),
      ...directoryLimits,
    }),
  ),
]);

const run = object(
  v.strictObject({
    args: v.optional(v.pipe(v.array(textWithoutNul), v.description("What follows argv[0]. Default: none."))),
    argv0: v.optional(v.pipe(textWithoutNul, v.description("argv[0]. Default: the module's file name."))),
    env: v.optional(
      v.pipe(
        object(v.record(v.pipe(v.string(), v.regex(/^[^=\0]+$/, 'a name without "="')), textWithoutNul)),
        v.description("Environment variables. Default: none; nothing of the host's is passed on."),
      ),
    ),
    inheritEnv: v.optional(
      v.pipe(
        v.array(v.string()),
        v.description("Names of the host's variables to pass on, if they are set. Default: none."),
      ),
    ),
    preopens: v.optional(
      v.pipe(
        object(v.record(v.pipe(v.string(), v.regex(/^[^\0]+$/, "a guest path")), preopen)),
        v.description(
          "Directories that the guest can reach: guest path to host path, or to files in memory. Default: none.",
        ),
      ),
    ),
    stdin: v.optional(
      v.pipe(
        v.union([
          text("The text that the guest reads from stdin."),
          object(v.strictObject({ file: text("A file that the guest reads as stdin, relative to this file.") })),
        ]),
        v.description("What the guest reads from stdin. Default: nothing."),
      ),
    ),
    exitCode: v.optional(
      v.pipe(
        v.number(),
        v.integer("a whole number"),
        v.minValue(0, "0 or above"),
        v.maxValue(0xffff_ffff, "at most 4294967295"),
        v.description(
          "The exit code that is expected: the guest's own, 134 for a trap or a limit, 124 if it took too long, 126 if the module can't be run. Default: 0.",
        ),
      ),
    ),
    ...limitEntries(runLimitNames),
    clock: v.optional(
      v.pipe(
        object(
          v.strictObject({
            start: v.pipe(
              v.string(),
              v.isoTimestamp("an ISO 8601 time such as 2020-07-01T00:00:00Z"),
              v.description("What the first reading gives."),
            ),
            stepMs: v.optional(
              v.pipe(
                v.number(),
                v.minValue(0, "0 or above"),
                v.description("How far each reading advances, in milliseconds. Default: 1."),
              ),
            ),
          }),
        ),
        v.description("A clock that gives the same times in every run. Default: the host's."),
      ),
    ),
    randomSeed: v.optional(
      v.pipe(
        v.number(),
        v.safeInteger("a whole number"),
        v.description("Seed for random bytes that are the same in every run. Default: the host's randomness."),
      ),
    ),
    wasi: v.optional(
      v.pipe(v.boolean(), v.description("false gives the module no WASI imports at all. Default: true.")),
    ),
    differs: v.optional(
      v.pipe(
        object(
          v.strictObject(
            v.entriesFromList(parts, v.optional(v.pipe(v.string(), v.minLength(1, "why it can't be the same")))),
          ),
        ),
        v.check((differs) => Object.keys(differs).length > 0, `one of ${parts.join(", ")}, and why it differs`),
        v.description(
          "What of this run is not as it is in other languages, and why, for tests that compare them. Default: all is the same.",
        ),
      ),
    ),
  }),
);

/** wasi.json, as a schema: what is valid, the types and the JSON Schema all come from here. */
export const manifestSchema = object(
  v.strictObject({
    $schema: v.optional(text("Where an editor finds this schema.")),
    description: v.pipe(
      v.string(),
      v.minLength(1, "a line on what this is"),
      v.description("What this program shows, in a line."),
    ),
    build: v.optional(
      v.pipe(build, v.description("How the module is made. Without it the module is run as it is found.")),
    ),
    module: v.pipe(
      v.string(),
      v.regex(/\.wasm$/, "a path that ends in .wasm"),
      v.check(isInside, "a relative path inside this folder, such as build/hello.wasm"),
      v.description("The module, relative to this file and inside its folder."),
    ),
    runs: v.pipe(
      object(
        v.record(
          v.pipe(v.string(), v.regex(/^[a-z0-9][a-z0-9-]*$/, "a name of small letters, digits and dashes")),
          run,
        ),
      ),
      v.check((runs) => Object.keys(runs).length > 0, "at least one run"),
      v.description("The runs by name. The first is the one that `wasi-kit run` takes unless another is named."),
    ),
  }),
);

/** Something of a run that can be compared with the same run in another language. */
export type ComparedPart = (typeof parts)[number];
/** The content of a wasi.json. */
export type Manifest = v.InferOutput<typeof manifestSchema>;
/** How a module is made. */
export type Build = NonNullable<Manifest["build"]>;
/** One run: what it is granted, and the exit code that it must end with. */
export type Run = Manifest["runs"][string];

/** Neither absolute, on any system, nor out through "..". */
function isInside(path: string): boolean {
  if (/^([/\\]|[a-z]:)/i.test(path)) return false;
  let depth = 0;
  for (const part of path.split(/[/\\]/)) {
    if (part === "..") depth--;
    else if (part !== "." && part !== "") depth++;
    if (depth < 0) return false;
  }
  return true;
}
