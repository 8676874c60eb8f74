import { basename, resolve } from "node:path";
import { confirm, isCancel, select, text } from "@clack/prompts";
import { defaults } from "./defaults.ts";
import { CreateError } from "./error.ts";
import { refusal, suggestName } from "./package-name.ts";
import { checkTarget } from "./place.ts";
import { examples, languageFacts } from "./templates.ts";

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
  const all = Object.entries(examples());
  const used = new Set(all.map(([name]) => name.split("/")[0] as string));
  const language = await choose(
    "Which language?",
    [...used].map((value) => {
      const { title, about } = languageFacts(value);
      return [value, title, about] as const;
    }),
  );
  return choose(
    "Which example is it to start from?",
    all
      .filter(([name]) => name.startsWith(`${language}/`))
      .map(([name, description]) => [name, name.slice(language.length + 1), description] as const),
    `${language}/hello`,
  );
}

/** Asks for one of some, with a line on each. */
function choose(
  message: string,
  rows: readonly (readonly [value: string, name: string, what: string])[],
  initialValue?: string,
): Promise<string> {
  const width = Math.max(...rows.map(([, name]) => name.length));
  const options = rows.map(([value, name, what]) => ({ value, label: `${name.padEnd(width)}  ${what}` }));
  return ask(select({ message, options, ...(initialValue === undefined ? {} : { initialValue }) }));
}

/** Asks whether to do something; Enter says yes. */
export const askWhether = (message: string): Promise<boolean> => ask(confirm({ message }));

async function ask<T>(question: Promise<T>): Promise<Exclude<T, symbol>> {
  const answer = await question;
  if (isCancel(answer)) throw new CreateError("E_CANCELLED", "Nothing was created.");
  return answer as Exclude<T, symbol>;
}
