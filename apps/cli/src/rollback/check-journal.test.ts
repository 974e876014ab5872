import type { GlassEntry } from "@slipway/contracts";
import { ReleaseError } from "@slipway/release-engine";
import { expect, it } from "vitest";
import { checkedWords, checkJournal, type JournalSignatures } from "./check-journal.ts";

const JANE = "Jane Doe <jane@example.com>";

/** Lines of a journal; one is signed whose text is the hash that it is a signature of. */
const journal = (...texts: readonly (string | null)[]) =>
  texts.map((text, index) => ({
    ...{ sequence: index + 1, by: { name: JANE }, hash: `hash-${index + 1}` },
    body: text === null ? { type: "verified", verdict: "pass", findings: [] } : { type: "signed", signature: text },
  })) as unknown as GlassEntry[];

const signatures: JournalSignatures = {
  key: async (hash, signature) => (hash === signature ? { key: "SHA256:abc" } : { why: "incorrect signature" }),
};
const check = (entries: GlassEntry[], more: Partial<JournalSignatures> = {}) =>
  checkJournal(entries, "prod.break-glass.jsonl", { ...signatures, ...more });

it("refuses a journal of which any signature does not hold, wherever it stands", async () => {
  for (const entries of [journal(null, "hash-9"), journal(null, "hash-9", null, "hash-3")]) {
    await expect(check(entries)).rejects.toMatchObject({
      ...{ kind: "failed", why: expect.stringContaining("line 2, of Jane Doe <jane@example.com>, does not hold") },
    });
  }
});

it("says whose it is by the file that is in force, and that nobody knows where it does not say so", async () => {
  const asked: object[] = [];
  const verify: JournalSignatures["verify"] = async (request) => void asked.push(request);
  const known = await check(journal(null, "hash-1"), { verify });
  expect(known).toEqual({ state: "holds", key: "SHA256:abc", by: "jane@example.com" });
  expect(asked).toEqual([{ text: "hash-1", signature: "hash-1", identity: "jane@example.com" }]);
  expect(checkedWords(known)).toContain("signed by jane@example.com (SHA256:abc), and that holds");

  const stranger = await check(journal(null, "hash-1"), { verify: async () => "no key that signers allows" });
  expect(stranger).toMatchObject({ by: null, why: "no key that signers allows" });
  expect(checkedWords(await check(journal(null, "hash-1")))).toMatch(/WHOSE KEY IT IS nobody knows .*no file/);
});

it("is not signed where lines come after the last signature, and unchecked where nobody can look", async () => {
  expect(checkedWords(await check(journal(null, "hash-1", null)))).toContain("NOT SIGNED to its end");
  const key = () => Promise.reject(new ReleaseError({ kind: "usage", what: "No ssh-keygen", why: "-", next: "-" }));
  expect(checkedWords(await check(journal(null, "hash-1"), { key }))).toContain(
    "nobody could check that: No ssh-keygen",
  );
});
