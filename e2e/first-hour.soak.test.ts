import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { commandsOf, terminalScript, typedCommands } from "./first-hour/typed-page.ts";
import { gitEnvironment } from "./release/lab-repository.ts";
import { freePort } from "./support/free-port.ts";
import { networkEnvironment } from "./support/network-environment.ts";
import { repositoryRoot } from "./support/repository.ts";
import { mustRun, runProgram } from "./support/run-program.ts";
import { temporaryFolder } from "./support/temporary-folder.ts";

// docs/first-hour.md, typed as it stands by somebody who has just cloned the repository and has nothing of it yet.

const MOST_MS = 600_000;
const folder = temporaryFolder("stranger");
const clone = join(folder.path, "clone");

/** What `npm start` started: it stays until it is told to stop. */
let start: ChildProcess | undefined;

afterAll(async () => {
  if (start?.exitCode === null) {
    process.kill(-(start.pid ?? 0), "SIGINT");
    await once(start, "exit");
  }
  folder.remove();
}, 60_000);

test("a stranger deploys, breaks, rolls back and reads the post-mortem within ten minutes", async () => {
  const began = performance.now();
  const env = {
    ...{ PATH: process.env.PATH, HOME: folder.path, LANG: "C.UTF-8", ...gitEnvironment },
    // On a new machine npm needs as long as its network.
    ...(await networkEnvironment()),
    SLIPWAY_LOCAL_PORT: String(await freePort()),
  };
  await mustRun("git", ["clone", "--quiet", "--no-hardlinks", repositoryRoot, clone]);
  const [first, ...others] = commandsOf(join(clone, "docs/first-hour.md"));
  expect(first).toBe("npm start");

  const running = spawn("npm", ["start"], { cwd: clone, env, detached: true, stdio: ["ignore", "pipe", "pipe"] });
  start = running;
  let said = "";
  await new Promise<void>((resolve, reject) => {
    const hear = (chunk: Buffer) => {
      said += chunk.toString("utf8");
      if (said.includes("Try next, in another terminal:")) {
        resolve();
      }
    };
    running.stdout.on("data", hear);
    running.stderr.on("data", hear);
    running.once("exit", (code) => reject(new Error(`npm start ended with ${code}:\n${said}`)));
  });
  const up = performance.now() - began;

  const { stdout } = await runProgram("bash", ["-c", terminalScript(others)], { cwd: clone, env, timeoutMs: MOST_MS });
  const typed = typedCommands(others, stdout);
  const took = performance.now() - began;
  const seconds = (ms: number) => `${(ms / 1_000).toFixed(1)} s`.padStart(8);
  console.log(
    [
      `${seconds(up)}  git clone, npm start`,
      ...typed.map(({ command, code, ms }) => `${seconds(ms)}  ${code}  ${command}`),
      `${seconds(took)}  together`,
    ].join("\n"),
  );
  const outcome = (command: string, times = 0) => {
    const found = typed.filter((each) => each.command.includes(command))[times];
    return found === undefined ? `nobody types ${command}` : `${found.code}: ${found.output}`;
  };
  // Everything works at the first try but what has to say that something is wrong.
  const bad = typed.filter(({ code }) => code !== 0).map(({ command, code }) => `${code} ${command}`);
  expect(bad, stdout).toEqual(["1 npx slipway incident detect prod --local", "1 npx slipway status prod --local"]);
  expect(outcome("status prod")).toMatch(/Runs +r1 [\s\S]*api-handler 2, alias live/);
  expect(outcome("my first item")).toContain("HTTP/1.1 201");
  expect(outcome('inactive"')).toContain('"items":[]');
  expect(outcome("deploy prod")).toMatch(/r2 [\s\S]* is live in prod/);
  expect(outcome("[1-40]")).toMatch(/^0: (500\n){40}$/);
  expect(outcome("incident detect")).toMatch(/i1, severity \d[\s\S]*rollback-code done/);
  // The second is in what finds out where the API is.
  expect(outcome("status prod", 2)).toMatch(/Runs +r1 [\s\S]*api-handler 2, alias live/);
  expect(outcome('inactive"', 1)).toContain('"items":[]');
  expect(outcome("incident detect", 1)).toMatch(/i1 is over[\s\S]*Next: slipway incident postmortem prod i1 --local/);
  const read = outcome("sed -n");
  expect(read).toContain("- **State**: resolved");
  expect(read).toMatch(/\| Answered with 5xx \| 40 /);
  // And everything is as it was.
  expect((await mustRun("git", ["status", "--porcelain"], { cwd: clone })).stdout).toBe("");

  expect(took).toBeLessThan(MOST_MS);
  expect(readFileSync(join(repositoryRoot, "README.md"), "utf8")).toContain("docs/first-hour.md");
});
