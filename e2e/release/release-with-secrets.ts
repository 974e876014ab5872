import { expect } from "vitest";
import type { Ran } from "../support/run-program.ts";
import { LAB_ENVIRONMENT, type Lab } from "./lab.ts";
import type { LabCommit } from "./lab-repository.ts";
import { liveTraffic } from "./live-traffic.ts";
import { expectNoSecrets, makeSecrets } from "./planted-secrets.ts";

/**
 * Releases what is full of secrets (in variables of Terraform, its outputs, the environment of the process, what tests, builds and functions
 * print), once with success, once with a build that fails, once with a version that is put back; and looks for them wherever Slipway writes.
 */
export async function releaseWithSecrets(lab: Lab): Promise<void> {
  const secrets = makeSecrets();
  const {
    accessKeySecret,
    bearer,
    databaseUrl,
    githubToken,
    npmToken,
    password,
    privateKey,
    stripeKey,
    token,
    webhook,
  } = secrets;
  await lab.backTo("one");
  lab.repository.write(
    "terraform/live/secret.auto.tfvars",
    `password = "${password.value}"\ncallback = "https://shop:${databaseUrl.value}@example.com/?key=${stripeKey.value}"\n`,
  );
  const printed = [
    `npm notice //registry.npmjs.org/:_authToken=${npmToken.value}`,
    privateKey.value.replaceAll("\\n", "\n"),
    `postgres://shop:${databaseUrl.value}@db.example.com/shop`,
    `{"stripe":"${stripeKey.value}","authorization":"Bearer ${bearer.value}"}`,
  ];
  const script = (exitCode: number) =>
    `for (const line of ${JSON.stringify(printed)}) console.log(line), console.error(line);\nprocess.exit(${exitCode});\n`;
  lab.repository.write("leak.mjs", script(0));
  lab.repository.write("functions/leak.mjs", script(0));
  lab.repository.write("functions/fail.mjs", script(1));
  const settings = {
    ...{ tests: [process.execPath, "leak.mjs"], build: [process.execPath, "../leak.mjs"] },
    webhookVariable: "ON_CALL_WEBHOOK_URL",
    // The scanner finds them in what is committed, as it should, and says so without them.
    waive: ["checklist.secrets"],
  };
  const env = {
    AWS_SECRET_ACCESS_KEY: accessKeySecret.value,
    GITHUB_TOKEN: githubToken.value,
    ON_CALL_WEBHOOK_URL: webhook.value,
  };
  const leak = `Authorization: Bearer ${bearer.value}, id_token=${token.value}, aws_secret_access_key=${accessKeySecret.value}`;
  const said: string[] = [];
  const type = async (words: readonly string[]): Promise<Ran> => {
    const ran = await lab.start(words, env).ended;
    said.push(ran.stdout, ran.stderr);
    return ran;
  };
  const deploy = async (commit: LabCommit) => {
    lab.commit(commit);
    return await type(["deploy", LAB_ENVIRONMENT, "--fast-forward"]);
  };

  const good = await deploy({ name: "two", leak, settings });
  expect(good.code, good.stderr).toBe(0);
  const failing = await deploy({
    name: "three",
    leak,
    settings: { ...settings, build: [process.execPath, "../fail.mjs"] },
  });
  expect(failing.code, failing.stderr).toBe(1);
  const backAgain = await type(["rollback", LAB_ENVIRONMENT]);
  expect(backAgain.code, backAgain.stderr).toBe(0);
  const traffic = liveTraffic(await lab.apiUrl());
  await traffic.atLeast(200);
  const bad = await deploy({ name: "four", fault: "storm", leak, settings }).finally(() => traffic.stop());
  expect(bad.code, bad.stderr).toBe(1);
  for (const words of [["status"], ["history"], ["show"], ["ledger", "verify"]]) {
    for (const output of ["text", "json"]) {
      const release = words[0] === "show" ? ["r2"] : [];
      await type([...words, LAB_ENVIRONMENT, ...release, "--output", output]);
    }
  }
  await expectNoSecrets(lab, secrets, said);
}
