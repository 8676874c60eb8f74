import { showValue } from "@wasi-kit/wasi";
import { parseSignature } from "@wasi-kit/wasm";
import type { Signature } from "@wasi-kit/wasm";
import { closestMatch } from "leven";
import { WasiKitError } from "../error.ts";
import type { LoadedModule } from "../module/module.ts";
import { errorText } from "../text/error-text.ts";
import type { CallingGuest } from "./calling-guest.ts";
import type { HostFunction, HostModules, Imports } from "./imports.ts";

/** A function that a guest was given. */
export interface GivenFunction {
  readonly module: string;
  readonly name: string;
  readonly call: HostFunction;
  /** As the module declares it. Absent if it came compiled: its types are not known then. */
  readonly signature: Signature | undefined;
}

interface DeclaredType extends Signature {
  readonly text: string;
}

/**
 * The functions of the host that a module imports, each with the type that the module declares for it.
 *
 * @param wanted - what it imports, without what WASI gives it
 * @throws WasiKitError `E_IMPORTS`, with a line for each that is missing, is no function, or has another number of
 * parameters; `E_OPTION` if what was given is not functions by module and name
 */
export function givenFunctions(
  loaded: LoadedModule,
  wanted: readonly WebAssembly.ModuleImportDescriptor[],
  imports: Imports,
  guest: CallingGuest,
): GivenFunction[] {
  const modules = typeof imports === "function" ? callMaker(imports, guest) : imports;
  checkModules(modules);
  const problems: string[] = [];
  const given: GivenFunction[] = [];
  for (const { module, name, kind } of wanted) {
    const types = typesOf(loaded, module, name);
    const call = own(own(modules, module), name);
    const problem =
      kind === "function"
        ? (typeProblem(types) ?? problemOf(call, types[0]) ?? undefined)
        : `it is a ${kind}, and only functions can be given`;
    if (problem === undefined) given.push({ module, name, call: call as HostFunction, signature: types[0] });
    else problems.push(`  ${module}.${name}: ${problem}${call === undefined ? nearest(modules, module, name) : ""}`);
  }
  if (problems.length === 0) return given;
  throw new WasiKitError(
    "E_IMPORTS",
    `${loaded.name} imports what it was not given as it needs it:\n${problems.join("\n")}`,
  );
}

function callMaker(make: Exclude<Imports, HostModules>, guest: CallingGuest): HostModules {
  try {
    return make(guest);
  } catch (cause) {
    throw new WasiKitError("E_IMPORTS", `The function that makes the imports threw: ${errorText(cause)}`, { cause });
  }
}

function checkModules(modules: unknown): asserts modules is HostModules {
  if (!isObject(modules)) throw unusable("imports", modules);
  for (const [module, functions] of Object.entries(modules)) {
    if (!isObject(functions)) throw unusable(`imports.${module}`, functions);
  }
}

const unusable = (what: string, value: unknown): WasiKitError =>
  new WasiKitError(
    "E_OPTION",
    `${what} is ${showValue(value)}. imports can be functions by module and name, such as { env: { log() {} } }.`,
  );

const isObject = (value: unknown): value is object => typeof value === "object" && value !== null;

/** A property of its own: a guest names what it imports, and must not get at what every object has. */
const own = (value: unknown, name: string): unknown =>
  isObject(value) && Object.hasOwn(value, name) ? (value as Readonly<Record<string, unknown>>)[name] : undefined;

/** The types as which a module imports a function; none if it came compiled. */
const typesOf = ({ functions = [] }: LoadedModule, module: string, name: string): DeclaredType[] =>
  [...new Set(functions.filter((it) => it.module === module && it.name === name).map((it) => it.signature))].map(
    (text) => ({ text, ...parseSignature(text) }),
  );

/** Types of which JavaScript has values to return; an argument may be of any but v128. */
const returnable: ReadonlySet<string> = new Set(["i32", "i64", "f32", "f64", "externref"]);

function typeProblem(types: readonly DeclaredType[]): string | undefined {
  const [type] = types;
  if (!type) return undefined;
  if (types.length > 1)
    return `it is imported as ${types.map(({ text }) => text).join(" and as ")}, and can be one of them`;
  const isPossible = !type.parameters.includes("v128") && type.results.every((it) => returnable.has(it));
  return isPossible ? undefined : `it is ${type.text}, which no function of JavaScript can be`;
}

function problemOf(call: unknown, type: DeclaredType | undefined): string | undefined {
  if (call === undefined) return "there is no such function.";
  if (typeof call !== "function") return `it is ${showValue(call)}, and has to be a function`;
  // 0 are those of (...args), too.
  if (type === undefined || call.length === 0 || call.length === type.parameters.length) return undefined;
  return `it takes ${count(call.length)}, and the module passes ${count(type.parameters.length)}: ${type.text}`;
}

const count = (parameters: number): string => `${parameters} argument${parameters === 1 ? "" : "s"}`;

function nearest(modules: HostModules, module: string, name: string): string {
  const all = Object.entries(modules).flatMap(([its, functions]) => Object.keys(functions).map((it) => `${its}.${it}`));
  const near = closestMatch(`${module}.${name}`, all, { maxDistance: Math.ceil(name.length / 3) });
  return near === undefined ? "" : ` Did you mean ${near}?`;
}
