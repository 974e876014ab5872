import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { CODE } from "./changes.ts";
import type { WalkedPage } from "./walked-command.ts";

const PROD = "infrastructure/environments/prod";
const WIDENED = "module.items.module.execution_role.aws_iam_role_policy.execution";

const json = <T>(said: string) => JSON.parse(said) as T;

/** Chapter 2: infrastructure, code, and whether it works. */
export const deployment: WalkedPage = {
  file: "2-deployment-procedures.md",
  commands: [
    {
      begins: "slipway deploy prod --plan",
      proves: (said) => {
        expect(said).toMatch(/r\d+ would take commit [0-9a-f]{12} to prod/);
        for (const step of ["checklist", "apply exactly that plan", "send 10 % of the traffic", "after 24 hours"]) {
          expect(said).toContain(step);
        }
      },
    },
    {
      begins: "slipway deploy prod   ",
      // It widens a right, which needs a word of somebody else.
      exit: 3,
      proves: (said) => expect(said).toMatch(/approv/),
    },
    {
      begins: "slipway status prod",
      exit: 1,
      proves: async (said, walk) => {
        const { first, newest } = { first: walk.fact("first"), newest: await walk.newest() };
        expect(said).toMatch(new RegExp(`Runs +${first} [\\s\\S]*Unfinished +${newest} `));
      },
    },
    { begins: "slipway resume prod", exit: 3, proves: (said) => expect(said).toMatch(/approv/) },
    {
      begins: 'slipway rollback prod --reason "not tonight"',
      proves: async (_said, walk) => {
        expect(await walk.live()).toBe(walk.fact("first version"));
        expect(await walk.runs()).toBe(walk.fact("first"));
        expect(await walk.must("slipway status prod || true")).toMatch(/Unfinished +nothing/);
      },
    },
    {
      begins: "slipway plan prod",
      // The gate stops it.
      exit: 1,
      proves: (said) => expect(said).toMatch(/0 to add, \d to change, 0 to destroy[\s\S]*plan\.iam-widened/),
    },
    {
      begins: "slipway plan prod --markdown plan.md",
      exit: 1,
      proves: (_said, { team }) => {
        const file = join(team.clone, "plan.md");
        expect(readFileSync(file, "utf8")).toContain("plan.iam-widened");
        rmSync(file);
      },
    },
    { begins: "cd infrastructure/environments/prod", proves: (folder) => expect(existsSync(folder)).toBe(true) },
    {
      begins: "terraform init -backend-config=backend.hcl",
      proves: (said) => expect(said).toContain("Terraform has been successfully initialized!"),
    },
    {
      begins: "terraform plan -out=tfplan",
      proves: (said) => expect(said).toMatch(/throttling_burst_limit += 1000 -> 1200[\s\S]*Saved the plan to: tfplan/),
    },
    {
      begins: "terraform show tfplan",
      proves: (said) => expect(said).toMatch(/throttling_burst_limit += 1000 -> 1200/),
    },
    {
      begins: "slipway approve prod",
      arrange: (walk) => walk.must('slipway deploy prod || test "$?" = 3'),
      // What stops the plan is to be accepted by name: it shows it, and says how.
      ...{ who: "sam", answer: "yes", exit: 1 },
      proves: async (said, walk) => {
        expect(said).toMatch(/a yes has to accept them by name:\s+slipway approve prod --accept plan\.iam-widened/);
        const status = await walk.must("slipway status prod || true");
        walk.facts.set("plan", /[Pp]lan\s+([0-9a-f]{12})/.exec(status)?.[1] ?? "");
      },
    },
    {
      begins: "slipway approve prod --plan 3f2a9c1b0d7e --sign",
      ...{ who: "sam", exit: 1 },
      values: (walk) => ({ "3f2a9c1b0d7e": walk.fact("plan") }),
      proves: (said) => expect(said).toContain("a yes has to accept them by name"),
    },
    {
      begins: "slipway approve prod --accept plan.iam-widened",
      // What was rehearsed was made through a provider that is pointed at local AWS; from now on it is the repository's own.
      arrange: (walk) =>
        walk.must(
          `slipway approve prod --plan ${walk.fact("plan")} --accept plan.provider-changed provider.aws`,
          "sam",
        ),
      ...{ who: "sam", answer: "yes" },
      proves: async (said, walk) => {
        expect(said).toMatch(/Sam Lee <sam@example\.com> has approved the plan [0-9a-f]{12} of prod/);
        // Signed, too, as the command before this one is typed where nothing stops the plan.
        const signed = `slipway approve prod --plan ${walk.fact("plan")} --sign ~/.ssh/id_ed25519`;
        const accepted = `--accept plan.iam-widened ${WIDENED} --accept plan.provider-changed provider.aws`;
        expect(await walk.must(`${signed} ${accepted}`, "sam")).toContain("has approved the plan");
      },
    },
    {
      begins: "slipway deploy prod",
      waits: true,
      proves: async (said, walk) => {
        expect(said).toMatch(/immediate/i);
        expect(await walk.runs()).toBe(await walk.newest());
        walk.facts.set("limits", await walk.newest());
        const id = walk.fact("api");
        const stage = `aws apigateway get-stage --rest-api-id ${id} --stage-name prod --query methodSettings`;
        expect(json(await walk.must(stage))).toMatchObject({ "*/*": { throttlingBurstLimit: 1200 } });
      },
    },
    { begins: "cd infrastructure/environments/prod", proves: (folder) => expect(existsSync(folder)).toBe(true) },
    {
      begins: "terraform apply tfplan",
      // Somebody has changed a limit by hand since: a plan that was made before the release would be refused.
      arrange: async (walk) => {
        const id = walk.fact("api");
        await walk.must(
          `aws apigateway update-stage --rest-api-id ${id} --stage-name prod --patch-operations 'op=replace,path=/*/*/throttling/burstLimit,value=900'`,
        );
        expect(await walk.must(`terraform -chdir=${PROD} plan -out=tfplan`)).toMatch(/burst_limit += 900 -> 1200/);
      },
      proves: (said) => expect(said).toContain("Apply complete! Resources: 0 added, 1 changed, 0 destroyed."),
    },
    { begins: "terraform output", proves: (said) => expect(said).toMatch(/function_name += "api-handler-prod"/) },
    {
      begins: "slipway validate prod",
      proves: (said) => expect(said).toMatch(/All\s+is\s+well/),
    },
    { begins: "slipway orphans prod", proves: (said) => expect(said).toMatch(/0 orphans/) },
    { begins: "slipway costs prod --explain", proves: (said) => expect(said).toMatch(/\$\d/) },
    {
      begins: "./infrastructure/scripts/01-post-deployment-validation.sh prod",
      arrange: (walk) => walk.users.pass(6),
      proves: (said) => expect(said).toMatch(/All\s+is\s+well/),
    },
    {
      begins: "./infrastructure/scripts/03-detect-orphaned-resources.sh prod all",
      proves: (said) => expect(said).toMatch(/0 orphans/),
    },
    { begins: "./infrastructure/scripts/04-cost-analysis.sh prod", proves: (said) => expect(said).toMatch(/\$\d/) },
    {
      begins: "aws dynamodb describe-table --table-name items-prod --query",
      // An AWS CLI from before the protection against deletion says null.
      proves: (said) =>
        expect(["true", "null"].map((is) => `["ACTIVE",${is},"ENABLED"]`)).toContain(said.replace(/\s/g, "")),
    },
    {
      begins: "aws lambda get-function --function-name api-handler-prod --query",
      proves: (said) => expect(json(said)).toEqual(["Active", "Successful"]),
    },
    {
      begins: 'aws apigateway get-stage --rest-api-id "$api_id" --stage-name prod',
      proves: (said) => expect(json(said)).toMatchObject({ stageName: "prod" }),
    },
    {
      begins: "aws cloudwatch describe-alarms --alarm-name-prefix items-api-prod",
      proves: (said) => expect(new Map(json<[string, string][]>(said)).get("items-api-prod-5xx")).toBe("OK"),
    },
    {
      begins: "aws lambda update-alias --function-name api-handler-prod --name live --routing-config",
      // Another version has the traffic, as it is before a shift: the one that Terraform has made.
      arrange: async (walk) => {
        walk.facts.set("new", await walk.live());
        await walk.must("aws lambda update-alias --function-name api-handler-prod --name live --function-version 1");
      },
      values: (walk) => ({ "{8=0.1}": `{${walk.fact("new")}=0.1}` }),
      proves: (said, walk) =>
        expect(json(said)).toMatchObject({
          FunctionVersion: "1",
          RoutingConfig: { AdditionalVersionWeights: { [walk.fact("new")]: 0.1 } },
        }),
    },
    {
      begins: "aws lambda update-alias --function-name api-handler-prod --name live --function-version 8",
      values: (walk) => ({ "--function-version 8": `--function-version ${walk.fact("new")}` }),
      proves: async (_said, walk) => expect(await walk.live()).toBe(walk.fact("new")),
    },
    {
      begins: "slipway deploy prod",
      arrange: (walk) => walk.team.commit("Let health be nobody's referrer", CODE),
      waits: true,
      proves: async (_said, walk) => {
        expect(await walk.runs()).toBe(await walk.newest());
        walk.facts.set("health", await walk.newest());
        const answer = await fetch(`${await walk.url()}/health`);
        expect(answer.headers.get("referrer-policy")).toBe("no-referrer");
        walk.facts.set("new", await walk.live());
      },
    },
    { begins: "npm ci", proves: (said) => expect(said).toMatch(/added \d+ packages/) },
    { begins: "npm test", proves: (said) => expect(said).toMatch(/Tests\s+\d+ passed/) },
    { begins: "npm run lint", proves: (said) => expect(said).toContain("Lint: all clean.") },
    {
      begins: "npm run build --workspace @slipway/api-handler",
      proves: (_said, { team }) => expect(existsSync(join(team.clone, "apps/api-handler/dist/index.cjs"))).toBe(true),
    },
    { begins: "cd apps/api-handler", original: true, proves: (folder) => expect(existsSync(folder)).toBe(true) },
    { begins: "npm test", original: true, proves: (said) => expect(said).toMatch(/Tests\s+\d+ passed/) },
    { begins: "npm run lint", original: true, proves: (said) => expect(said).toMatch(/Checked \d+ files/) },
    {
      ...{ begins: "npm run build", original: true },
      proves: (_said, { team }) => expect(existsSync(join(team.clone, "apps/api-handler/dist/index.cjs"))).toBe(true),
    },
    {
      begins: "slipway deploy prod",
      waits: true,
      proves: async (said, walk) => {
        expect(said).toMatch(/nothing/i);
        expect(await walk.runs()).toBe(walk.fact("health"));
      },
    },
    { begins: "zip -X -j api-handler.zip", proves: (said) => expect(said).toContain("adding: index.cjs") },
    { begins: "digest=$(sha256sum", proves: (said) => expect(said).toMatch(/^[0-9a-f]{64}$/) },
    {
      begins: "aws s3 cp api-handler.zip",
      proves: (said) => expect(said).toMatch(/s3:\/\/lambda-code-prod\/functions\/api-handler-prod\/[0-9a-f]{64}\.zip/),
    },
    {
      begins: "aws lambda update-function-code",
      proves: (said) => expect(json(said)).toMatchObject({ FunctionName: "api-handler-prod" }),
    },
    { begins: "aws lambda wait function-updated-v2", proves: (said) => expect(said).toBe("") },
    {
      begins: "aws lambda publish-version",
      proves: async (said, walk) => {
        // Nobody is sent to it.
        expect(Number(said)).toBeGreaterThan(Number(walk.fact("new")));
        expect(await walk.live()).toBe(walk.fact("new"));
      },
    },
    {
      begins: "slipway smoke prod --version 8",
      values: (walk) => ({ "--version 8": `--version ${walk.fact("new")}` }),
      proves: (said) => expect(said).toMatch(/passed/i),
    },
    {
      begins: "slipway logs prod --release 8 --since 5m",
      values: (walk) => ({ "--release 8": `--release ${walk.fact("new")}` }),
      proves: (said) => expect(said).toMatch(/REPORT|createItem|getHealth/),
    },
    {
      begins: "aws lambda get-function --function-name api-handler-prod --qualifier 8",
      values: (walk) => ({ "--qualifier 8": `--qualifier ${walk.fact("new")}` }),
      proves: (said) => expect(json(said)).toEqual(["Active", "Successful", expect.stringMatching(/^.{43}=$/)]),
    },
    {
      begins: "aws logs tail /aws/lambda/api-handler-prod --follow --since 5m",
      until: /REPORT RequestId/,
      proves: (said) => expect(said).toContain('"operation":'),
    },
    {
      begins: "npm run test:smoke -- prod",
      proves: (said) => expect(said).toMatch(/Smoke test of prod at .*: passed/i),
    },
    {
      ...{ begins: "npm run test:smoke", original: true },
      proves: (said) => expect(said).toMatch(/Smoke test of prod at .*: passed/i),
    },
    { begins: "slipway smoke prod", proves: (said) => expect(said).toMatch(/Smoke test of prod at .*: passed/i) },
    { begins: "url=https://", proves: (said) => expect(said).toMatch(/^https:\/\/[a-z0-9]{10}\.execute-api\./) },
    {
      begins: 'curl -i "$url/health"',
      proves: (said) => expect(said).toMatch(/^HTTP\/1\.1 200 [\s\S]*\{"status":"ok"\}$/),
    },
    { begins: 'curl -i "$url/items"', proves: (said) => expect(said).toMatch(/^HTTP\/1\.1 200 [\s\S]*"items":\[/) },
    {
      begins: 'curl -i -X POST "$url/items"',
      proves: (said) => expect(said).toMatch(/^HTTP\/1\.1 201 [\s\S]*"name":"Test Item"/),
    },
    {
      ...{ begins: "curl https://api-id", original: true },
      values: (walk) => ({ "api-id": walk.fact("api") }),
      proves: (said) => expect(json(said)).toMatchObject({ items: expect.any(Array) }),
    },
    {
      ...{ begins: "curl -X POST https://api-id", original: true },
      values: (walk) => ({ "api-id": walk.fact("api") }),
      proves: (said) => expect(json(said)).toMatchObject({ name: "Test Item", version: 1 }),
    },
    {
      begins: "slipway logs prod --follow --api",
      until: /\/health/,
      proves: (said) => expect(said).toMatch(/200/),
    },
    { begins: "slipway logs prod --errors --since 15m", proves: (said) => expect(said).not.toMatch(/REPORT/) },
    {
      begins: "aws logs tail /aws/lambda/api-handler-prod --follow",
      until: /REPORT RequestId/,
      proves: (said) => expect(said).toContain('"operation":'),
    },
    {
      begins: 'aws logs tail "/aws/apigateway/$api_id" --follow',
      until: /"status":"20[01]"/,
      proves: (said) => expect(said).toContain('"httpMethod":'),
    },
    {
      begins: "slipway metrics prod --window 30m",
      proves: (said) => expect(said).toMatch(/requests[\s\S]*latency p99/),
    },
    {
      begins: "slipway metrics prod versions --window 30m",
      proves: (said, walk) => expect(said).toContain(walk.fact("new")),
    },
    {
      begins: "aws cloudwatch get-metric-statistics",
      values: (walk) => ({ "Name=ExecutedVersion,Value=8": `Name=ExecutedVersion,Value=${walk.fact("new")}` }),
      arrange: (walk) => walk.users.pass(2),
      proves: (said) => {
        const { Datapoints } = json<{ Datapoints: { Sum: number }[] }>(said);
        expect(Datapoints.length).toBeGreaterThan(0);
        expect(Datapoints.reduce((sum, { Sum }) => sum + Sum, 0)).toBe(0);
      },
    },
    {
      begins: "aws cloudwatch get-metric-statistics",
      proves: (said) => {
        const { Datapoints } = json<{ Datapoints: { Sum: number }[] }>(said);
        expect(Datapoints.reduce((sum, { Sum }) => sum + Sum, 0)).toBeGreaterThan(0);
      },
    },
  ],
};
