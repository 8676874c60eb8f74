import { basename, resolve } from "node:path";
import { confirm, isCancel, select, text } from "@clack/prompts";
import { CreateError } from "./error.ts";
import { refusal, suggestName } from "./package-name.ts";
import { checkTarget } from "./place.ts";
import { defaults } from "./plan.ts";
import { examples } from "./templates.ts";

const languages: Readonly<Record<string, readonly [label: string, hint: string]>> = {
  wat: ["WAT", "WebAssembly's own text format: every call by hand"],
  rust: ["Rust", "the standard library knows WASI; needs a Rust toolchain"],
  assemblyscript: ["AssemblyScript", "close to TypeScript; npm installs its compiler"],
};

/** Asks for the folder. */
export async function askDir(force: boolean): Promise<string> {
  const answer = await ask(
    text({
      message: "Which folder is the project to be put into?",
      placeholder: defaults.dir,
      defaultValue: defaults.dir,
      validate: (value) => obstacle(resolve(value || defaults.dir), force),
    }),
  );
  return answer.trim();
}

function obstacle(dir: string, force: boolean): string | undefined {
  try {
    checkTarget(dir, force);
    return undefined;
  } catch (error) {
    return (error as Error).message.split("\n")[0];
  }
}

/** The name for a package in a folder: the folder's own, or where npm refuses that, what is answered. */
export async function askName(dir: string): Promise<string> {
  const name = basename(resolve(dir));
  if (refusal(name) === undefined) return name;
  return ask(
    text({
      message: `npm can't call a package ${JSON.stringify(name)}. What is it to be called?`,
      initialValue: suggestName(name),
      validate: (value = "") => refusal(value),
    }),
  );
}

/** Asks for a language, and for a scenario in it. */
export async function askExample(): Promise<string> {
  const all = Object.entries(examples()).map(([name, description]) => {
    const [language = "", scenario = ""] = name.split("/");
    return { name, language, scenario, description };
  });
  const language = await ask(
    select({
      message: "Which language?",
      options: [...new Set(all.map((example) => example.language))].map((value) => {
        const [label = value, hint = ""] = languages[value] ?? [];
        return { value, label, hint };
      }),
    }),
  );
  return ask(
    select({
      message: "Which example is it to start from?",
      options: all
        .filter((example) => example.language === language)
        .map(({ name, scenario, description }) => ({ value: name, label: scenario, hint: description })),
      initialValue: `${language}/hello`,
    }),
  );
}

/** Asks whether to do something; Enter says yes. */
export const askWhether = (message: string): Promise<boolean> => ask(confirm({ message }));

async function ask<T>(question: Promise<T>): Promise<Exclude<T, symbol>> {
  const answer = await question;
  if (isCancel(answer)) throw new CreateError("E_CANCELLED", "Nothing was created.");
  return answer as Exclude<T, symbol>;
}
