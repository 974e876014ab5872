import { DescribeTableCommand } from "@aws-sdk/client-dynamodb";
import { GetFunctionConfigurationCommand } from "@aws-sdk/client-lambda";
import { expect } from "vitest";
import { expectConsistent } from "./expect-consistent.ts";
import { LAB_ENVIRONMENT, type Lab } from "./lab.ts";
import type { LabSettings } from "./lab-configuration.ts";
import { expectServedBy } from "./settle.ts";

/** A change of the infrastructure that nobody should have made. */
export interface BadInfrastructure {
  readonly name: string;
  readonly variables: NonNullable<LabSettings["variables"]>;
  /** What the plan of the way back is stopped by, and somebody else has to accept: rights that grow. */
  readonly accepts: readonly string[];
}

const KINDS = {
  "throttling set to zero": { variables: { most_requests: 0 }, accepts: [] },
  "memory cut": { variables: { memory: 128 }, accepts: [] },
  "permission dropped": {
    variables: { rights: ["dynamodb:GetItem"] },
    accepts: ["plan.iam-widened aws_iam_role_policy.functions"],
  },
  "index removed": { variables: { indexes: [] }, accepts: [] },
  "alarm deleted": { variables: { watched: ["stock"] }, accepts: [] },
} satisfies Record<string, Omit<BadInfrastructure, "name">>;

export const badInfrastructure: readonly BadInfrastructure[] = Object.entries(KINDS).map(([name, kind]) => ({
  name,
  ...kind,
}));

export function badInfrastructureOf(name: keyof typeof KINDS): BadInfrastructure {
  return { name, ...KINDS[name] };
}

/** Somebody who has written nothing of what is released. */
const OTHER_PERSON = { GIT_AUTHOR_NAME: "Ann Other", GIT_AUTHOR_EMAIL: "ann@example.com" };

/** Releases the bad change, with other code; its smoke test may notice, and put the code back: the infrastructure stays. */
export async function releaseBadly(lab: Lab, { variables }: BadInfrastructure, settings: LabSettings): Promise<void> {
  lab.commit({ name: "two", settings: { ...settings, variables } });
  const { code, stdout, stderr } = await lab.deploy().ended;
  expect([0, 1], `${stdout}\n${stderr}`).toContain(code);
}

/** Goes back, with the approval that it takes, until it is done. @returns whether somebody was asked */
export async function rollInfrastructureBack(lab: Lab, accepts: readonly string[]): Promise<boolean> {
  let ran = await lab.run("rollback", LAB_ENVIRONMENT, "infrastructure");
  let wasAsked = false;
  if (ran.code === 3) {
    wasAsked = true;
    expect(`${ran.stdout}\n${ran.stderr}`).toContain(`slipway approve ${LAB_ENVIRONMENT}`);
    await approve(lab, accepts);
    ran = await lab.resume().ended;
  }
  expect(ran.code, `${ran.stdout}\n${ran.stderr}`).toBe(0);
  expect(ran.stdout).toContain("git revert");
  return wasAsked;
}

/** Another person accepts what stops the plan of the newest release. */
export async function approve(lab: Lab, accepts: readonly string[]): Promise<void> {
  const { entries } = await lab.ledger();
  const made = entries.findLast(({ body }) => body.type === "plan.made")?.body;
  const digest = made?.type === "plan.made" ? made.summary.planDigest : "";
  const words = [
    "approve",
    LAB_ENVIRONMENT,
    "--plan",
    digest,
    ...accepts.flatMap((each) => ["--accept", ...each.split(" ")]),
  ];
  const { code, stdout, stderr } = await lab.start(words, OTHER_PERSON).ended;
  expect(code, `${stdout}\n${stderr}`).toBe(0);
}

/**
 * Everything is as it was before the bad change: AWS itself, what the ledger says, and Terraform, whose plan of the good commit finds
 * nothing to change.
 *
 * @param servedBy who answers: the code is not what went back
 */
export async function expectInfrastructureBack(lab: Lab, good: string, servedBy: string): Promise<void> {
  const settled = await expectConsistent(lab);
  expect(settled.outcome).toBe("live");
  const { dynamodb, lambda } = lab.clients;
  const { Table } = await dynamodb.send(new DescribeTableCommand({ TableName: "shop-orders" }));
  expect(Table?.GlobalSecondaryIndexes?.map(({ IndexName }) => IndexName)).toEqual(["by-what"]);
  for (const [FunctionName, Qualifier] of Object.entries(settled.versions)) {
    const { MemorySize } = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName, Qualifier }));
    expect(MemorySize, `${FunctionName}: memory of version ${Qualifier}, which runs`).toBe(192);
  }
  await expectServedBy(lab, servedBy);

  const { entries } = await lab.ledger();
  const ofRollback = entries.filter(({ release }) => release === settled.release).map(({ body }) => body);
  expect(ofRollback.some(({ type }) => type === "state.backed-up")).toBe(true);
  expect(
    ofRollback
      .flatMap((body) => (body.type === "evidence" ? body.evidence : []))
      .map(({ check, status }) => `${check} ${status}`),
  ).toContain("infrastructure.plan-clean pass");
  // And once more, from a checkout of the good commit.
  const bad = lab.repository.head();
  lab.repository.checkOut(good);
  const { code, stdout, stderr } = await lab.run("plan", LAB_ENVIRONMENT, "--output", "json");
  lab.repository.checkOut(bad);
  expect(code, `${stdout}\n${stderr}`).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ changed: false, resources: [] });
}
