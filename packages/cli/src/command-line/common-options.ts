import { colorModes } from "../ui/output.ts";
import type { Option } from "./command.ts";

/** The options of every command. */
export const commonOptions: Readonly<Record<"color" | "help", Option>> = {
  color: {
    type: "string",
    value: colorModes.join("|"),
    completes: colorModes,
    about: "When to colour what is printed. Default: auto",
  },
  help: {
    type: "boolean",
    short: "h",
    mayHaveValue: true,
    value: "all",
    completes: ["all"],
    about: "Help of this command; with all, of everything",
  },
};
