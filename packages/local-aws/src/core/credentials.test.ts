import { expect, it, onTestFinished } from "vitest";
import { testCore } from "../test/test-core.ts";
import { type Credential, Credentials } from "./credentials.ts";

it("forgets sessions that ended long ago, when it is opened again, and nothing else", () => {
  const core = testCore();
  onTestFinished(() => core.dispose());
  const keys = core.store.collection<Credential>("keys");
  const role = { arn: "arn:aws:iam::000000000000:role/r", roleId: "AROA1" };
  const before = new Credentials(keys, "000000000000");
  const ended = before.issueSession(role, "ended", -2 * 86_400);
  const justEnded = before.issueSession(role, "just-ended", -1);
  const { expiresAt: _, sessionToken: __, ...user } = before.issueSession(role, "user", 1);
  before.put({ ...user, accessKeyId: "AKIAUSER" });

  const after = new Credentials(keys, "000000000000");

  expect(after.find(ended.accessKeyId)).toBeUndefined();
  expect(after.find(justEnded.accessKeyId)).toEqual(justEnded);
  expect(after.find("AKIAUSER")).toMatchObject({ accessKeyId: "AKIAUSER" });
});
