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
  if (kind === "restarts" && ++calls % 3 === 0) process.exit(0);`;

/** Where Lambda looks for a handler that is called `index.handler`, in its order. */
const USUAL_FILES = ["index.js", "index.mjs", "index.cjs"];

/**
 * The source of a program that puts itself before a built handler: run in the folder of the artifact, after the build. The handler is what
 * `index` exports by that name, or the only module there is.
 */
export function plantingProgram(fault: HandlerFault): string {
  const isFaulty = fault === "faulty";
  const handler = `${isFaulty ? FAULTY_FIRST : ""}
const handle = async (event, context) => {
  const named = Object.entries(event?.headers ?? {}).find(([name]) => name.toLowerCase() === "${USER_HEADER}");
  const kind = named?.[1];
  if (kind === "poisoned") throw new RangeError("Invalid array length");
  ${isFaulty ? FAULTY_BEFORE : ""}
  return original(event, context);
};
`;
  return `import { existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
const modules = readdirSync(".").filter((name) => /\\.[cm]?js$/.test(name));
const file = ${JSON.stringify(USUAL_FILES)}.find((name) => modules.includes(name)) ?? (modules.length === 1 ? modules[0] : undefined);
if (file === undefined) {
  console.error("there is no index.js, index.mjs or index.cjs in the artifact, and no single other module");
  process.exitCode = 1;
} else {
  const declared = existsSync("package.json") ? JSON.parse(readFileSync("package.json", "utf8")).type : undefined;
  const isModule = file.endsWith(".mjs") || (file.endsWith(".js") && declared === "module");
  const original = "original-" + file;
  renameSync(file, original);
  const from = JSON.stringify("./" + original);
  const load = isModule ? "import { handler as original } from " + from + ";" : "const { handler: original } = require(" + from + ");";
  const give = isModule ? "export { handle as handler };" : "exports.handler = handle;";
  writeFileSync(file, [load, ${JSON.stringify(handler)}, give, ""].join("\\n"));
}
`;
}
