import type { AcceptedFinding, InfrastructureFinding } from "@slipway/contracts";
import { expect, it } from "vitest";
import { acceptInForce } from "./accept-in-force.ts";

const found = (changes: Partial<InfrastructureFinding> = {}): InfrastructureFinding => ({
  ...{ id: "plan.replace-stateful", severity: "high", status: "fail", address: "aws_dynamodb_table.items" },
  ...{ reason: "Its items are lost.", next: "do not", ...changes },
});
const acceptance = (changes: Partial<AcceptedFinding> = {}): AcceptedFinding => ({
  ...{ finding: "plan.replace-stateful", address: "aws_dynamodb_table.*", reason: "it is empty" },
  ...changes,
});
const because = "the rules of r1";

function accept(own: AcceptedFinding[], accepted: AcceptedFinding[] | undefined, finding = found()) {
  const [only] = acceptInForce([finding], own, { because, ...(accepted && { accepted }) }, "2026-11-28");
  return only;
}

it("does not let a release accept what stops it: what runs has to accept it, too", () => {
  expect(accept([acceptance()], [])).toEqual({
    ...found(),
    reason:
      "Its items are lost. It is accepted in slipway.config.ts (it is empty), and not by the rules of r1: until that is live, somebody other than the author has to accept it by name.",
  });
  expect(accept([acceptance()], [acceptance({ address: "aws_dynamodb_table.items" })])).toMatchObject({
    ...{ status: "waived", accepted: { reason: "it is empty" } },
  });
});

it.each<[string, Partial<AcceptedFinding>]>([
  ["is of something else", { address: "aws_dynamodb_table.other" }],
  ["has expired", { expires: "2026-11-27" }],
  ["is of another finding", { finding: "exposure.bucket-acl" }],
])("takes no acceptance of what runs for one that %s", (_, changes) => {
  expect(accept([acceptance()], [acceptance(changes)])).toMatchObject({ status: "fail" });
});

it("takes at once what the release accepts no more, and what stops nothing", () => {
  expect(accept([], [acceptance()])).toEqual(found());
  expect(accept([acceptance()], [], found({ severity: "medium" }))).toMatchObject({ status: "waived" });
});

it("keeps unknown what is known only after the apply", () => {
  expect(accept([acceptance()], [], found({ status: "unknown" }))).toMatchObject({ status: "unknown" });
});

it("takes the release's own word where nothing ran before", () => {
  expect(accept([acceptance()], undefined)).toMatchObject({ status: "waived" });
  expect(acceptInForce([found()], [acceptance()], undefined, "2026-11-28")).toMatchObject([{ status: "waived" }]);
});
