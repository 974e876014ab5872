import type { GlassEntry } from "@slipway/contracts";
import { emailOf, ReleaseError } from "@slipway/release-engine";

/** What checks signatures. */
export interface JournalSignatures {
  /** Whether a signature of a line's hash holds, and by which key. */
  key(hash: string, signature: string): Promise<{ readonly key: string } | { readonly why: string }>;
  /**
   * Whether it is by somebody whose signatures count: undefined, or why not. Absent where no file of allowed signers is in force.
   */
  readonly verify?: (request: { text: string; signature: string; identity: string }) => Promise<string | undefined>;
}

/** What was found of the signature at a journal's end. */
export type CheckedJournal =
  | { readonly state: "unsigned" }
  | { readonly state: "unchecked"; readonly why: string }
  | { readonly state: "holds"; readonly key: string; readonly by: string | null; readonly why?: string };

/**
 * Checks each signature of a journal: it is of the hash of the line before, and so of all lines before. One that does not hold says that
 * somebody has changed what was signed, hashes included, which anybody can make anew.
 *
 * @throws {ReleaseError} `failed` where one does not hold: nothing of it is to be believed
 */
export async function checkJournal(
  entries: readonly GlassEntry[],
  path: string,
  signatures: JournalSignatures,
): Promise<CheckedJournal> {
  let found: CheckedJournal = { state: "unsigned" };
  for (const [index, { body, by, sequence }] of entries.entries()) {
    if (body.type !== "signed") {
      found = { state: "unsigned" };
      continue;
    }
    const { signature } = body;
    const hash = entries[index - 1]?.hash ?? "";
    let checked: Awaited<ReturnType<JournalSignatures["key"]>>;
    try {
      checked = await signatures.key(hash, signature);
    } catch (error) {
      if (!(error instanceof ReleaseError)) {
        throw error;
      }
      found = { state: "unchecked", why: `${error.what}: ${error.why}` };
      continue;
    }
    if ("why" in checked) {
      throw new ReleaseError({
        kind: "failed",
        what: `The journal ${path} is not what was signed`,
        why: `the signature in line ${sequence}, of ${by.name}, does not hold: ${checked.why}`,
        next: "find out who changed it; what was done to the traffic, AWS's CloudTrail has, too (lambda:UpdateAlias). To bring it in as it is, unsigned, somebody has to take that line and those after it away, and answer for that",
      });
    }
    found = await whose(checked.key, { text: hash, signature, identity: emailOf(by) }, signatures);
  }
  return found;
}

async function whose(
  key: string,
  {
    identity,
    ...request
  }: { readonly text: string; readonly signature: string; readonly identity: string | undefined },
  { verify }: JournalSignatures,
): Promise<CheckedJournal> {
  const holds = { state: "holds", key } as const;
  if (verify === undefined) {
    return { ...holds, by: null, why: "no file of allowed signers is in force (release.approvals.signers)" };
  }
  if (identity === undefined) {
    return { ...holds, by: null, why: "who has signed it has given no address" };
  }
  const why = await verify({ ...request, identity });
  return why === undefined ? { ...holds, by: identity } : { ...holds, by: null, why };
}

/** What was found, in a sentence for people. */
export function checkedWords(checked: CheckedJournal): string {
  switch (checked.state) {
    case "unsigned":
      return "the journal is NOT SIGNED to its end: only its hashes say that it is what was written, and anybody can make those anew";
    case "unchecked":
      return `the journal is signed, and nobody could check that: ${checked.why}`;
    case "holds":
      return checked.by === null
        ? `the journal is signed with the key ${checked.key}, and that holds; WHOSE KEY IT IS nobody knows here: ${checked.why}`
        : `the journal is signed by ${checked.by} (${checked.key}), and that holds`;
  }
}
