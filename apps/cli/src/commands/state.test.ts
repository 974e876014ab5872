import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DeleteObjectCommand, PutBucketVersioningCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { S3StateStore } from "@slipway/aws";
import { ROOT_ACCESS_KEY_ID, ROOT_SECRET_ACCESS_KEY } from "@slipway/local-aws";
import { ReleaseError } from "@slipway/release-engine";
import { afterAll, beforeAll, expect, test } from "vitest";
import { restoreEnvironmentState } from "../state/restore-environment-state.ts";
import { golden } from "../test/golden.ts";
import { type ReleasedEnvironment, releasedEnvironment } from "../test/released-environment.ts";

let prod: ReleasedEnvironment;
let s3: S3Client;
const Bucket = "terraform-state";
const Key = "prod/terraform.tfstate";
const SECRET = "correct-horse-battery";

beforeAll(async () => {
  prod = await releasedEnvironment({ withFunction: false });
  const credentials = { accessKeyId: ROOT_ACCESS_KEY_ID, secretAccessKey: ROOT_SECRET_ACCESS_KEY };
  s3 = new S3Client({
    ...{ region: "us-east-1", endpoint: prod.aws.localAws.endpoint, credentials, forcePathStyle: true },
  });
  await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: "Enabled" } }));
  // A root module of Terraform's own resources: it needs no provider.
  writeFileSync(
    join(prod.repository, "tf/prod/main.tf"),
    `terraform {
  backend "s3" {
    use_path_style              = true
    use_lockfile                = true
    skip_requesting_account_id  = true
    skip_metadata_api_check     = true
    skip_credentials_validation = true
  }
}
resource "terraform_data" "queue" {}
resource "terraform_data" "topic" {}
`,
  );
});

afterAll(async () => {
  s3?.destroy();
  await prod?.close();
});

/** A state of that module, with these resources. */
function stateText(serial: number, names: readonly string[], lineage = "0f6e1c9a-lineage"): string {
  const resource = (name: string) => ({
    ...{ mode: "managed", type: "terraform_data", name, provider: 'provider["terraform.io/builtin/terraform"]' },
    instances: [
      {
        schema_version: 0,
        attributes: { id: name, input: null, output: null, triggers_replace: { value: SECRET, type: "string" } },
        sensitive_attributes: [[{ type: "get_attr", value: "triggers_replace" }]],
      },
    ],
  });
  const resources = names.map(resource);
  return JSON.stringify({
    version: 4,
    terraform_version: "1.11.0",
    serial,
    lineage,
    outputs: {},
    resources,
    check_results: null,
  });
}

async function put(Body: string, key = Key): Promise<string> {
  return (await s3.send(new PutObjectCommand({ Bucket, Key: key, Body }))).VersionId ?? "";
}

const state = (...words: readonly string[]) => prod.run(["state", ...words]);
const types = async () => (await prod.ledger("prod").read()).map(({ body }) => body.type);

test("backup keeps the state under a name, and list shows it among the versions", async () => {
  await put(stateText(3, ["queue", "topic"]));
  const made = await state("backup", "prod", "--name", "kept", "--output", "json");
  expect(made.code, made.stderr).toBe(0);
  await golden("state backup", made.stdout);
  expect(JSON.parse(made.stdout)).toMatchObject({ name: "kept", serial: 3, resources: 2 });
  await prod.write(prod.ledger("prod"), "r7", [
    {
      ...{ type: "step.finished", step: "infrastructure.apply", kind: "infrastructure.apply", outcome: "done" },
      ...{ summary: "", durationMs: 1 },
      result: { counts: { add: 0, change: 1, destroy: 0 }, changed: true, stateSerial: 3, outputs: {} },
    },
  ]);
  await put("damaged by hand");

  const { code, stdout } = await state("list", "prod", "--output", "json");
  expect(code).toBe(0);
  await golden("state list", stdout);
  const listed = JSON.parse(stdout);
  expect(listed.versions.slice(0, 2)).toEqual([
    expect.objectContaining({ isPresent: true, problem: "it is no JSON document" }),
    expect.objectContaining({
      serial: 3,
      lineage: "0f6e1c9a-lineage",
      resources: 2,
      origin: expect.objectContaining({ release: "r7" }),
    }),
  ]);
  expect(listed.backups).toEqual([expect.objectContaining({ name: "kept", serial: 3, by: expect.any(String) })]);

  const people = await prod.run(["state", "list", "prod"], { terminal: 160 });
  expect(people.stdout).toMatch(/present; it is no JSON document/);
  expect(people.stdout).toMatch(/ 3 +0f6e1c9a .*apply of r7, Jane Doe/);
  expect(people.stdout).toMatch(/^kept +3 +0f6e1c9a /m);
  expect(people.stdout).toContain("To bring back anything else: slipway rollback prod");
  expect(people.stdout + stdout).not.toContain(SECRET);
});

test("list works without the ledger, and says what it does not know", async () => {
  const cwd = join(prod.repository, "without-ledger");
  const config = readFileSync(join(prod.repository, "slipway.config.ts"), "utf8");
  for (const folder of ["tf/bootstrap", "tf/prod", "tf/bare", "f"]) {
    mkdirSync(join(cwd, folder), { recursive: true });
  }
  writeFileSync(join(cwd, "slipway.config.ts"), config.replace('"release-ledger"', '"gone-ledger"'));

  const { code, stdout, stderr } = await prod.run(["state", "list", "prod", "--output", "json"], { cwd });
  expect(code, stderr).toBe(0);
  expect(stderr).toContain("who left which state is not known: the ledger cannot be read.");
  expect(JSON.parse(stdout).versions.length).toBeGreaterThan(1);
  const restore = await prod.run(["state", "restore", "prod", "--backup", "kept", "--plan"], { cwd });
  expect(restore.code).toBe(2);
});

test("flags that are wrong are named", async () => {
  const wrong = async (...words: readonly string[]) => {
    const { code, stderr } = await state(...words);
    return `${code} ${stderr}`;
  };
  expect(await wrong("list", "prod", "--limit", "0")).toMatch(/^2 slipway: --limit: '0' is no number from 1 to 200/);
  expect(await wrong("backup", "prod", "--name", "../x")).toMatch(/--name: '\.\.\/x' is no name/);
  expect(await wrong("restore", "prod")).toMatch(/^2 slipway: --version, --backup: give one of them/);
  expect(await wrong("restore", "prod", "--version", "zz", "--plan")).toMatch(/^2 slipway: --version: there is no zz/);
  expect(await wrong("restore", "prod", "--backup", "none", "--plan")).toMatch(/^2 slipway: There is no backup none/);
  expect(await wrong("restore", "prod", "--backup", "kept")).toMatch(
    /^2 slipway: --confirm: is missing, and nobody can be asked here.*--confirm 'restore the state of prod'/s,
  );
  expect(await wrong("restore", "prod", "--backup", "kept", "--confirm", "yes")).toMatch(
    /^2 slipway: --confirm: is not/,
  );
  expect(await types()).not.toContain("state.restoring");
});

test("restore shows, refuses while Terraform's lock is held, puts back, and plans with the real Terraform", async () => {
  await put(stateText(9, ["queue", "alarm"]));
  const shown = await state("restore", "prod", "--backup", "kept", "--plan");
  expect(shown.code, shown.stderr).toBe(0);
  expect(shown.stdout).toContain("make them again (1):\n  terraform_data.alarm\n");
  expect(shown.stdout).toMatch(/make them again where they do not\s+\(1\):\n {2}terraform_data\.topic\n/);
  expect(shown.stdout).toContain("Nothing was changed: --plan only shows.");

  const words = ["restore", "prod", "--backup", "kept", "--confirm", "restore the state of prod"];
  await put(JSON.stringify({ ID: "l-1", Who: "joe@build", Operation: "OperationTypeApply" }), `${Key}.tflock`);
  const refused = await state(...words);
  expect(refused.code).toBe(1);
  expect(refused.stderr).toContain("terraform force-unlock l-1");
  await s3.send(new DeleteObjectCommand({ Bucket, Key: `${Key}.tflock` }));

  const { code, stdout, stderr } = await state(...words, "--output", "json");
  expect(code, stderr).toBe(0);
  const report = JSON.parse(stdout);
  await golden("state restore", report);
  expect(report).toMatchObject({ outcome: "restored", from: "backup kept", serial: 10, versionId: expect.any(String) });
  // Terraform took it for a state of its own.
  expect(report.plan).toMatchObject({ stateSerial: 10, stateLineage: "0f6e1c9a-lineage" });
  const entries = await prod.ledger("prod").read();
  expect(entries.slice(-3).map(({ body }) => body.type)).toEqual([
    "state.restoring",
    "state.restored",
    "lease.released",
  ]);
  expect(JSON.stringify(entries) + stdout + stderr + shown.stdout).not.toContain(SECRET);

  const again = await state(...words);
  expect(again.code).toBe(0);
  expect(again.stdout).toMatch(/^Nothing to do: the present state says what backup kept says\./);
});

test("another lineage is refused while the present state is whole, and is asked for by other words where it is lost", async () => {
  const other = await put(stateText(30, ["queue"], "another-lineage"));
  await put(stateText(10, ["queue"]));
  const refused = await state("restore", "prod", "--version", other, "--confirm", "restore another lineage of prod");
  expect(refused.code).toBe(1);
  expect(refused.stderr).toContain("another-lineage");

  await put("damaged");
  const plain = await state("restore", "prod", "--version", other, "--confirm", "restore the state of prod");
  expect(plain.stderr).toContain("--confirm 'restore another lineage of prod'");
  const shown = await state("restore", "prod", "--version", other, "--plan");
  expect(shown.stdout).toMatch(/ANOTHER LINEAGE: the state of prod was of 0f6e1c9a-lineage/);
  expect(shown.stdout).toContain("Now: DAMAGED, it is no JSON document");
});

test("whoever sits at a terminal is shown it and asked, and only the right words do it", async () => {
  const version = await put(stateText(40, ["queue"]));
  await put(stateText(41, ["topic"]));
  const place = async (answer: string | undefined) => {
    let said = "";
    const io = {
      ...{ stdout: { write() {} }, stderr: { write: (text: string) => (said += text) }, env: {}, cwd: "." },
      ...{ isTty: true, columns: 100, signal: new AbortController().signal },
      async ask(question: string) {
        said += question;
        return answer;
      },
    };
    const opened = {
      store: new S3StateStore(s3, { bucket: Bucket, key: Key }),
      target: { label: "AWS", isLocal: false, flags: "", region: "us-east-1", env: {} },
      repository: prod.repository,
      ledger: async () => ({ ledger: prod.ledger("prod"), principal: async () => "arn" }),
    } as unknown as Parameters<typeof restoreEnvironmentState>[0];
    const { outcome, planProblem } = await restoreEnvironmentState(opened, {
      ...{ environment: "prod", from: { version }, planOnly: false, confirmation: undefined, mayAsk: true, io },
      async planAfterwards() {
        throw new ReleaseError({ kind: "failed", what: "No plan", why: "a test", next: "none" });
      },
    });
    return { outcome, planProblem, said };
  };
  expect(await place(undefined)).toMatchObject({ outcome: "interrupted" });
  const { outcome, said } = await place("yes");
  expect(outcome).toBe("refused");
  expect(said).toMatch(/terraform_data\.topic[\s\S]*Type "restore the state of prod" to go on: $/);
  expect((await prod.ledger("prod").head())?.lease ?? null).toBeNull();
  // The state is back, whatever becomes of the plan.
  expect(await place("restore the state of prod")).toMatchObject({
    ...{ outcome: "restored", planProblem: expect.stringContaining("No plan") },
  });
});
