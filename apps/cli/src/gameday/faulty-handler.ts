/** What is wrong with a release of a game day. All of them have the weakness, which is no release's fault. */
export type HandlerFault = "none" | "fails" | "slow" | "leaks" | "starts-slowly";

/** Users say who they are in this header, so that the smoke test, which does not, sees nothing. */
export const USER_HEADER = "x-game-day-user";

/** What the function cannot bear, in the same header. */
export const POISON = "poisoned";

const BEFORE: Readonly<Record<HandlerFault, string>> = {
  none: "",
  fails: 'if (isUser && Math.random() < 0.4) throw new TypeError("The price list has no entry for this currency");',
  slow: "if (isUser && Math.random() < 0.6) await new Promise((resolve) => setTimeout(resolve, 1500));",
  leaks: "if (isUser) kept.push(Buffer.alloc(16 * 1024 * 1024, 1));",
  "starts-slowly": "if (isUser && ++calls % 4 === 0) setTimeout(() => process.exit(0), 30);",
};

const FIRST: Readonly<Record<HandlerFault, string>> = {
  none: "",
  fails: "",
  slow: "",
  leaks: "const kept = [];",
  "starts-slowly": "let calls = 0;\nAtomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1800);",
};

/**
 * The source of a program that puts itself before a built handler: run in the folder of the artifact, after the build.
 *
 * @param file the handler's file in the artifact, such as `index.cjs`
 */
export function plantingProgram(file: string, fault: HandlerFault): string {
  const original = `original-${file}`;
  const isModule = file.endsWith(".mjs");
  const load = isModule
    ? `import { handler as original } from "./${original}";`
    : `const { handler: original } = require("./${original}");`;
  const handler = `${load}
${FIRST[fault]}
const handle = async (event, context) => {
  const named = Object.entries(event?.headers ?? {}).find(([name]) => name.toLowerCase() === "${USER_HEADER}");
  const isUser = named !== undefined;
  if (named?.[1] === "${POISON}") throw new RangeError("Invalid array length");
  ${BEFORE[fault]}
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
