import type { SourceCommit } from "../../ports/source-repository.ts";
import type { ChecklistCheck, ChecklistFinding } from "../checklist-check.ts";
import { commitsToJudge } from "./code-review.ts";
import { noInputs } from "./inputs.ts";

const MOST_SHOWN = 5;

/** What git says of signatures (`git log --format=%G?`), and what that means here. What is not in it nobody has checked. */
const MEANING: Readonly<Record<string, { readonly status: "pass" | "fail" | "unknown"; readonly words: string }>> = {
  G: { status: "pass", words: "signed" },
  N: { status: "fail", words: "not signed" },
  B: { status: "fail", words: "its signature is wrong" },
  R: { status: "fail", words: "signed with a key that was revoked" },
  U: { status: "unknown", words: "signed with a key that nobody here trusts" },
  X: { status: "unknown", words: "its signature has expired" },
  Y: { status: "unknown", words: "signed with a key that has expired" },
  E: { status: "unknown", words: "its signature cannot be checked here" },
};

export const signedCommits: ChecklistCheck = {
  name: "signed-commits",
  section: "Code Quality",
  title: "All commits are signed",
  pace: "quick",
  lifetimeMs: 0,
  notInRehearsal: "a rehearsal changes nothing that others use",
  inputs: noInputs,
  async judge(facts): Promise<ChecklistFinding[]> {
    const { commit, dirty } = await facts.revision();
    if (commit === null) {
      return [{ status: "unknown", found: "there is no commit that could be signed", next: "git commit --gpg-sign" }];
    }
    if (dirty) {
      const found = "files differ from the commit: nobody has signed them";
      return [{ status: "fail", found, next: "git status; git commit --gpg-sign, and have it reviewed" }];
    }
    // A signature covers the hashes of all commits before it, so that of a first release the newest one vouches for all.
    const { commits, because } = await commitsToJudge(facts);
    const meaning = ({ signature }: SourceCommit) =>
      MEANING[signature] ?? { status: "unknown", words: `git says ${signature}` };
    const count = `${commits.length === 1 ? "1 commit" : `${commits.length} commits`}${because}`;
    for (const status of ["fail", "unknown"] as const) {
      const found = commits.filter((each) => meaning(each).status === status);
      if (found.length > 0) {
        const shown = found
          .slice(0, MOST_SHOWN)
          .map((each) => `${each.hash.slice(0, 12)} ${each.subject}: ${meaning(each).words}`);
        const more = found.length > shown.length ? [`and ${found.length - shown.length} more`] : [];
        const next =
          status === "fail"
            ? "git rebase --exec 'git commit --amend --no-edit --gpg-sign' BASE, and have it reviewed again"
            : "import the signers' keys, or set gpg.ssh.allowedSignersFile: git log --show-signature";
        return [{ status, found: [`${count}, ${found.length} of them:`, ...shown, ...more].join("\n"), next }];
      }
    }
    return [{ status: "pass", found: commits.length === 0 ? "no commit is new" : `${count}, all signed` }];
  },
};
