/** What a part of a line means. */
export type Paint = "bad" | "warning" | "faint" | "plain";

const CODES: Readonly<Record<Exclude<Paint, "plain">, string>> = {
  bad: "\u001b[31m",
  warning: "\u001b[33m",
  faint: "\u001b[2m",
};
const PLAIN = "\u001b[0m";

/** Colours a text for a terminal. */
export function paint(text: string, meaning: Paint): string {
  return meaning === "plain" || text === "" ? text : `${CODES[meaning]}${text}${PLAIN}`;
}

/** @see https://no-color.org */
export function wantsColour(env: NodeJS.ProcessEnv): boolean {
  return env.NO_COLOR === undefined || env.NO_COLOR === "";
}
