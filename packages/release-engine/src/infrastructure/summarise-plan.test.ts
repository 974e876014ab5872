import { temporaryFolder } from "@slipway/testing";
import { expect, it } from "vitest";
import { arrangeInfrastructure } from "./test/arrange-infrastructure.ts";

const queue = (index: number, name: string, action: string) => ({
  ...{ address: `module.${name}[${index}].aws_sqs_queue.this`, type: "aws_sqs_queue", actions: [action] },
  before: action === "delete" ? { name: "q" } : null,
  after: action === "delete" ? null : { name: "q", sqs_managed_sse_enabled: false },
});

it("names what is lost first, and leaves out what an entry of the ledger has no room for", async () => {
  using folder = temporaryFolder();
  const { terraform, run, lastPlan } = arrangeInfrastructure(folder);
  const name = "x".repeat(500);
  terraform.wanted = [
    ...Array.from({ length: 2_000 }, (_, index) => queue(index, name, "create")),
    ...Array.from({ length: 20 }, (_, index) => queue(index, "gone", "delete")),
  ];

  await run("infrastructure.plan");

  const { resources, omitted, findings, omittedFindings, counts } = lastPlan();
  expect(counts).toEqual({ add: 2_000, change: 0, destroy: 20 });
  expect(resources.slice(0, 20).every(({ action }) => action === "destroy")).toBe(true);
  expect(resources.length + omitted).toBe(2_020);
  expect(findings.slice(0, 20).every(({ id }) => id === "plan.delete-stateful")).toBe(true);
  expect(findings.length + omittedFindings).toBe(2_020);
  expect(JSON.stringify(lastPlan()).length).toBeLessThan(300_000);
});

it("makes no plan that is stopped by more than anybody could approve by name", async () => {
  using folder = temporaryFolder();
  const { terraform, run, entries } = arrangeInfrastructure(folder);
  terraform.wanted = Array.from({ length: 251 }, (_, index) => queue(index, "gone", "delete"));

  await expect(run("infrastructure.plan")).rejects.toMatchObject({
    what: "The plan of prod has 251 findings that stop it",
    next: expect.stringContaining("infrastructurePolicy.accepted"),
  });
  expect(entries.some(({ body }) => body.type === "plan.made")).toBe(false);
});
