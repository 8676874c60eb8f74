/** What a project is where nobody is asked. Its example needs no compiler that npm does not install. */
export const defaults = { dir: "my-program", example: "assemblyscript/hello" } as const;
