/** What is wrong with a function of a game day: nothing but a weakness that every release has, or much for its users. */
export type HandlerFault = "none" | "faulty";

/** Users say who they are in this header, so that the smoke test, which does not, sees nothing. */
export const USER_HEADER = "x-game-day-user";

/** What a faulty release does to users who are of that kind; `poisoned`: what every release does. */
export type UserKind = "usual" | "poisoned" | "fails" | "waits" | "leaks" | "restarts";

const FAULTY_FIRST = `const kept = [];
let calls = 0;
// It takes its time to start.
Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1800);`;

const FAULTY_BEFORE = `if (kind === "fails" && Math.random() < 0.4) throw new TypeError("The price list has no entry for this currency");
  if (kind === "waits" && Math.random() < 0.6) await new Promise((resolve) => setTimeout(resolve, 1500));
  if (kind === "leaks") kept.push(Buffer.alloc(16 * 1024 * 1024, 1));
  if (kind === "restarts" && ++calls % 4 === 0) setTimeout(() => process.exit(0), 30);`;

/**
 * The source of a program that puts itself before a built handler: run in the folder of the artifact, after the build.
 *
 * @param file the handler's file in the artifact, such as `index.cjs`
 */
export function plantingProgram(file: string, fault: HandlerFault): string {
  const original = `original-${file}`;
  const isModule = file.endsWith(".mjs");
  const isFaulty = fault === "faulty";
  const load = isModule
    ? `import { handler as original } from "./${original}";`
    : `const { handler: original } = require("./${original}");`;
  const handler = `${load}
${isFaulty ? FAULTY_FIRST : ""}
const handle = async (event, context) => {
  const named = Object.entries(event?.headers ?? {}).find(([name]) => name.toLowerCase() === "${USER_HEADER}");
  const kind = named?.[1];
  if (kind === "poisoned") throw new RangeError("Invalid array length");
  ${isFaulty ? FAULTY_BEFORE : ""}
  return original(event, context);
};
${isModule ? "export { handle as handler };" : "exports.handler = handle;"}
`;
  return `import { existsSync, renameSync, writeFileSync } from "node:fs";
if (existsSync(${JSON.stringify(file)})) {
  renameSync(${JSON.stringify(file)}, ${JSON.stringify(original)});
  writeFileSync(${JSON.stringify(file)}, ${JSON.stringify(handler)});
} else {
  console.error(${JSON.stringify(`there is no ${file} in the artifact`)});
  process.exitCode = 1;
}
`;
}
