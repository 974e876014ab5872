import { expect } from "vitest";
import type { Ran } from "../support/run-program.ts";
import { LAB_ENVIRONMENT, type Lab } from "./lab.ts";
import type { LabCommit } from "./lab-repository.ts";
import { listeningWebhook } from "./listening-webhook.ts";
import { liveTraffic } from "./live-traffic.ts";
import { expectNoSecrets, makeSecrets, type Said } from "./planted-secrets.ts";

/**
 * Releases what is full of secrets (in variables of Terraform, its outputs, the environment of the process and of the functions, what
 * tests, builds and functions print and answer): with success, with a build that fails, with a version that cannot be proven, with one
 * that is put back, and with one that waits for an approval and whose checkpoints are watched. Each time with all details, as text and as
 * JSON. Then looks for them wherever Slipway writes.
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
  await using listening = await listeningWebhook(`services/${secrets.answeringWebhook.value}`);
  const settings = {
    ...{ tests: [process.execPath, "leak.mjs"], build: [process.execPath, "../leak.mjs"] },
    webhookVariables: ["ON_CALL_WEBHOOK_URL", "TEAM_WEBHOOK_URL"],
    // The scanner finds them in what is committed, as it should, and says so without them.
    waive: ["checklist.secrets"],
  };
  const env = {
    AWS_SECRET_ACCESS_KEY: accessKeySecret.value,
    GITHUB_TOKEN: githubToken.value,
    ON_CALL_WEBHOOK_URL: webhook.value,
    TEAM_WEBHOOK_URL: listening.url,
  };
  const leak = `Authorization: Bearer ${bearer.value}, id_token=${token.value}, aws_secret_access_key=${accessKeySecret.value}`;
  const said: Said[] = [];
  const type = async (words: readonly string[], as: NodeJS.ProcessEnv = {}): Promise<Ran> => {
    const ran = await lab.start(words, { ...env, ...as }).ended;
    for (const stream of ["stdout", "stderr"] as const) {
      said.push({ by: `${stream} ${said.length} of slipway ${words.join(" ")}`, text: ran[stream] });
    }
    return ran;
  };
  const deploy = async (commit: LabCommit, ...more: string[]) => {
    lab.commit(commit);
    return await type(["deploy", LAB_ENVIRONMENT, "--fast-forward", "--verbose", ...more]);
  };
  const asJson = ["--output", "json"];
  const failed = (ran: Ran) => expect(ran.code, ran.stderr).toBe(1);
  const done = (ran: Ran) => expect(ran.code, ran.stderr).toBe(0);

  done(await deploy({ name: "two", leak, settings }));

  const unbuilt = { ...settings, build: [process.execPath, "../fail.mjs"] };
  failed(await deploy({ name: "three", leak, settings: unbuilt }));
  failed(await type(["resume", LAB_ENVIRONMENT, "--verbose", ...asJson]));
  done(await type(["rollback", LAB_ENVIRONMENT, "--verbose"]));

  // What it answers is quoted, and why it cannot be proven is told.
  failed(await deploy({ name: "four", fault: "confess", leak, settings }, ...asJson));

  const traffic = liveTraffic(await lab.apiUrl());
  await traffic.atLeast(200);
  failed(await deploy({ name: "five", fault: "storm", leak, settings }).finally(() => traffic.stop()));

  await waitForApproval();
  for (const watched of [["--once"], ["--once", ...asJson]]) {
    const { stdout, stderr } = await type(["watch", LAB_ENVIRONMENT, "--fast-forward", "--verbose", ...watched]);
    expect(stdout, stderr).not.toBe("");
  }
  const shown = ["r2", "r3", "r4", "r5", "r6"].map((release) => ["show", LAB_ENVIRONMENT, release, "--all"]);
  const others = [["status"], ["history"], ["ledger", "verify"], ["checklist"]];
  for (const words of [...shown, ...others.map((each) => [...each, LAB_ENVIRONMENT])]) {
    // What says nothing has no secrets either.
    for (const typed of [words, [...words, ...asJson]]) {
      const { stdout, stderr } = await type(typed);
      expect(stdout, `slipway ${typed.join(" ")}: ${stderr}`).not.toBe("");
    }
  }
  expect(listening.bodies.length).toBeGreaterThan(8);
  said.push(...listening.bodies.map((text, index) => ({ by: `message ${index + 1} to a webhook`, text })));
  await expectNoSecrets(lab, secrets, said);

  /** A release whose infrastructure changes, from its plan over a colleague's yes to its end. */
  async function waitForApproval(): Promise<void> {
    const variables = { log_days: "14" };
    const paused = await deploy({ name: "six", leak, settings: { ...settings, variables, approvals: 1 } }, ...asJson);
    expect(paused.code, paused.stderr).toBe(3);
    await type(["plan", LAB_ENVIRONMENT, "--markdown", ".slipway/plan.md"]);
    await type(["plan", LAB_ENVIRONMENT, ...asJson]);
    const { entries } = await lab.ledger();
    const plan = entries.map(({ body }) => body).findLast((body) => body.type === "plan.made");
    const yes = ["approve", LAB_ENVIRONMENT, "--plan", plan?.type === "plan.made" ? plan.summary.planDigest : ""];
    const colleague = { GIT_AUTHOR_NAME: "Joe Doe", GIT_AUTHOR_EMAIL: "joe@example.com" };
    failed(await type([...yes, "--comment", `with ${password.value}`]));
    done(
      await type(
        [...yes, "--comment", `password=${password.value}, authorization: Bearer ${bearer.value}`, ...asJson],
        colleague,
      ),
    );
    done(await type([...yes, "--comment", `Bearer ${bearer.value}`], colleague));
    done(await type(["resume", LAB_ENVIRONMENT, "--fast-forward", "--verbose", ...asJson]));
  }
}
