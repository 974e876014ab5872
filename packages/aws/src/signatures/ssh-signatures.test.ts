import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { approvalText, createRedactor } from "@slipway/release-engine";
import { type TemporaryFolder, temporaryFolder } from "@slipway/testing";
import { describe, expect, it } from "vitest";
import { JOURNAL_NAMESPACE, journalKey, SshSignatures, signApproval, signJournal } from "./ssh-signatures.ts";

const { PATH, HOME } = process.env;
const env = { PATH, HOME };
const JANE = "Jane Reader <jane@example.com>";
const approval = {
  ...{ planDigest: "a".repeat(64), commit: "1".repeat(40), stateSerial: 4 },
  accepts: ["plan.replace-stateful aws_dynamodb_table.items"],
};
const text = approvalText("prod", JANE, approval);

/** Keys of two people, and a file that allows them to sign. */
function arrange(folder: TemporaryFolder, principals: { readonly jane: string; readonly john: string }) {
  const key = (name: string) => {
    const file = join(folder.path, name);
    execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", name, "-f", file], { env });
    return file;
  };
  const keys = { jane: key("jane"), john: key("john"), stranger: key("stranger") };
  const allowed = (["jane", "john"] as const).map(
    (name) => `${principals[name]} namespaces="slipway-approval" ${readFileSync(`${keys[name]}.pub`, "utf8")}`,
  );
  return { keys, signatures: new SshSignatures({ name: "allowed_signers", text: allowed.join("") }, env) };
}

describe("an approval that is signed with an SSH key", () => {
  it("counts for who signed it, for exactly what was signed", async () => {
    using folder = temporaryFolder();
    const { keys, signatures } = arrange(folder, { jane: "Jane@Example.com", john: "john@example.com" });
    const signature = await signApproval(text, keys.jane, env);
    const verify = (change: { text?: string; signature?: string; identity?: string }) =>
      signatures.verify({ text, signature, identity: "jane@example.com", ...change });

    expect(await verify({})).toBeUndefined();
    expect(await verify({ identity: "john@example.com" })).toContain("it is signed with the key of Jane@Example.com");
    for (const changed of [
      approvalText("staging", JANE, approval),
      approvalText("prod", JANE, { ...approval, planDigest: "b".repeat(64) }),
      approvalText("prod", JANE, { ...approval, commit: null }),
      approvalText("prod", JANE, { ...approval, stateSerial: 5 }),
      approvalText("prod", JANE, { ...approval, accepts: [] }),
      approvalText("prod", JANE, { ...approval, comment: "fine" }),
    ]) {
      expect(await verify({ text: changed })).toContain("its signature does not hold");
    }
    expect(await verify({ signature: "no signature" })).toBeTypeOf("string");
    expect(await verify({ signature: await signApproval(text, keys.stranger, env) })).toContain("no key that");
  });

  it("counts for whoever a pattern in the file means", async () => {
    using folder = temporaryFolder();
    const { keys, signatures } = arrange(folder, { jane: "*@example.com", john: "john@example.org" });
    const signature = await signApproval(text, keys.jane, env);

    expect(await signatures.verify({ text, signature, identity: "jane@example.com" })).toBeUndefined();
    expect(await signatures.verify({ text, signature, identity: "jane@example.org" })).toBeTypeOf("string");
  });

  it("does not count where it was signed for something else", async () => {
    using folder = temporaryFolder();
    const { keys, signatures } = arrange(folder, { jane: "jane@example.com", john: "john@example.com" });
    const signature = execFileSync("ssh-keygen", ["-q", "-Y", "sign", "-n", "git", "-f", keys.jane], {
      ...{ env, input: text, encoding: "utf8" },
      stdio: ["pipe", "pipe", "ignore"],
    });

    expect(await signatures.verify({ text, signature, identity: "jane@example.com" })).toContain("does not hold");
  });

  it("passes through the ledger unharmed: a signature is no secret", async () => {
    using folder = temporaryFolder();
    const { keys } = arrange(folder, { jane: "jane@example.com", john: "john@example.com" });
    const signature = await signApproval(text, keys.jane, env);

    expect(createRedactor().json({ signature, ...approval })).toEqual({ signature, ...approval });
  });

  it("is no approval where there is no such key", async () => {
    await expect(signApproval(text, "/nowhere/key", env)).rejects.toMatchObject({
      what: "The approval could not be signed with /nowhere/key",
    });
  });
});

describe("a journal that is signed with an SSH key", () => {
  it("is known to be signed by the key, and by whom where the file of allowed signers lets it sign journals", async () => {
    using folder = temporaryFolder();
    const { keys } = arrange(folder, { jane: "jane@example.com", john: "john@example.com" });
    const hash = "a".repeat(64);
    const signature = (await signJournal(hash, keys.jane, env)) ?? "";
    const fingerprint = execFileSync("ssh-keygen", ["-lf", `${keys.jane}.pub`], { env, encoding: "utf8" }).split(
      " ",
    )[1];

    expect(await journalKey(hash, signature, env)).toEqual({ key: fingerprint });
    expect(await journalKey("b".repeat(64), signature, env)).toHaveProperty("why");
    expect(await journalKey(hash, await signApproval(hash, keys.jane, env), env), "of something else").toHaveProperty(
      "why",
    );

    const allowed = (namespaces: string) =>
      new SshSignatures(
        { name: "signers", text: `jane@example.com ${namespaces}${readFileSync(`${keys.jane}.pub`, "utf8")}` },
        env,
      ).verify({ text: hash, signature, identity: "jane@example.com", namespace: JOURNAL_NAMESPACE });
    expect(await allowed("")).toBeUndefined();
    expect(await allowed('namespaces="slipway-approval,slipway-break-glass" ')).toBeUndefined();
    expect(await allowed('namespaces="slipway-approval" ')).toBeTypeOf("string");
  });
});
