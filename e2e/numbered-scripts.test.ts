import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { LocalAwsProcess } from "./support/local-aws-process.ts";
import { repositoryRoot } from "./support/repository.ts";
import { type Ran, runProgram } from "./support/run-program.ts";
import { temporaryFolder } from "./support/temporary-folder.ts";

const SCRIPTS = join(repositoryRoot, "infrastructure/scripts");
const elsewhere = temporaryFolder("elsewhere");

let localAws: LocalAwsProcess;

beforeAll(async () => {
  localAws = await LocalAwsProcess.start();
});

afterAll(async () => {
  await localAws?.stop();
  elsewhere.remove();
});

/** Runs a script from a folder that has nothing to do with the repository. */
function script(name: string, ...args: readonly string[]): Promise<Ran> {
  return runProgram(join(SCRIPTS, name), args, { cwd: elsewhere.path });
}

/** The commands that they are entries to; the words are those that `slipway` gets before the script's own. */
const scripts: readonly [string, string][] = [
  ["01-post-deployment-validation.sh", "validate"],
  ["05-destroy-validation.sh", "destroy --check"],
  ["06-cleanup-s3-buckets.sh", "empty-buckets"],
];

describe("the numbered scripts", () => {
  test("are all there, can be run, and are no more than an entry", () => {
    const files = readdirSync(SCRIPTS).filter((name) => /^\d\d-/.test(name));
    expect(files.map((name) => name.slice(0, 2))).toEqual(["01", "02", "03", "04", "05", "06", "07"]);
    for (const name of files) {
      expect(statSync(join(SCRIPTS, name)).mode & 0o111, `${name} is executable`).toBe(0o111);
      expect(readFileSync(join(SCRIPTS, name), "utf8").split("\n").length).toBeLessThan(8);
    }
  });

  test.each(scripts)("%s works from any folder, passes its arguments on, and keeps the exit code", async (name) => {
    const port = String(localAws.port);

    const { code, stdout, stderr } = await script(name, "prod", "--local", "--port", port, "--output", "json");

    expect(stderr).toContain(`slipway: Nothing was rehearsed on local AWS at ${localAws.endpoint} yet.`);
    expect(stderr).toContain(`Rehearse it first: slipway rehearse prod --once --port ${port}\n`);
    expect(code).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({ error: { kind: expect.any(String) }, exitCode: 2 });
    expect(readdirSync(elsewhere.path), "nothing is left where it was called").toEqual([]);
    expect(existsSync(join(localAws.dataDir, "rehearsal.pid")), "nor a lock").toBe(false);
  });

  test.each(scripts)("%s shows the command's own usage", async (name, words) => {
    const { code, stdout } = await script(name, "--help");
    expect(code).toBe(0);
    expect(stdout).toMatch(new RegExp(`^Usage: slipway ${words.split(" ")[0]} `));
  });

  test("an argument with spaces arrives as one", async () => {
    const { code, stderr } = await script("06-cleanup-s3-buckets.sh", "no such environment");
    expect(code).toBe(2);
    expect(stderr).toContain("environment: there is no 'no such environment'");
  });
});
