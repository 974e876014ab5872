/** A read of an environment variable in a source file. */
export interface VariableRead {
  /** Absent where the name is only known when the program runs. */
  readonly name?: string;
  /** Beginning with 1. */
  readonly line: number;
  readonly text: string;
}

const NAME = "[A-Za-z_][A-Za-z0-9_]*";
/** `process.env`, `io.env`, `env`. */
const ENV = String.raw`(?:\b[A-Za-z_$][\w$]*\.)?\benv\b`;

/**
 * Finds the environment variables that a source reads: `process.env.X`, `env["X"]`, `env[X]` where X is a constant of the same file, and
 * `{ X } = env`. Works on the text, comments left out: what a template makes a name of is found, and has no name.
 */
export function findVariables(source: string): readonly VariableRead[] {
  const code = source.replaceAll(/(?<![:"'`])\/\/.*$|\/\*[\s\S]*?\*\//gm, (comment) =>
    comment.replaceAll(/[^\n]/g, " "),
  );
  const constants = new Map(
    [...code.matchAll(new RegExp(String.raw`\bconst (${NAME}) = "([^"]*)"`, "g"))].map(
      ({ 1: name = "", 2: value = "" }) => [name, value],
    ),
  );
  const found: { at: number; name?: string; text: string }[] = [];
  for (const { index, 0: text, 1: name = "" } of code.matchAll(new RegExp(`${ENV}\\??\\.(${NAME})`, "g"))) {
    found.push({ at: index, name, text });
  }
  for (const { index, 0: text, 1: inside = "" } of code.matchAll(new RegExp(`${ENV}(?:\\?\\.)?\\[([^\\]]+)\\]`, "g"))) {
    const name = /^(["'`])([^$]*)\1$/.exec(inside)?.[2] ?? constants.get(inside.trim());
    found.push({ at: index, ...(name === undefined ? {} : { name }), text });
  }
  for (const { index, 0: text, 1: names = "" } of code.matchAll(
    new RegExp(String.raw`\{([^{}]*)\}\s*(?::\s*NodeJS\.ProcessEnv\s*)?=\s*${ENV}\s*[;,)\n]`, "g"),
  )) {
    for (const part of names.split(",")) {
      const name = /^\s*([A-Za-z_]\w*)/.exec(part)?.[1];
      if (name !== undefined) {
        found.push({ at: index, name, text });
      }
    }
  }
  return (
    found
      // What is no variable but a member: `process.env.hasOwnProperty`, `import.meta.env.lower`.
      .filter(({ name }) => name === undefined || /^[A-Z_][A-Z0-9_]*$/.test(name))
      .map(({ at, name, text }) => ({
        ...(name === undefined ? {} : { name }),
        line: code.slice(0, at).split("\n").length,
        text: text.replaceAll(/\s+/g, " "),
      }))
  );
}
