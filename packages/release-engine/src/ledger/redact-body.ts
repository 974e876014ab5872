import { describeProblems, type LedgerBody, ledgerBodySchema } from "@slipway/contracts";
import type { Redactor } from "../redaction/redactor.ts";

/**
 * A body as it is written down: without secrets, and as its schema demands it.
 *
 * Fields that can have one form only (a digest, a commit, a kind) keep their value where taking something out would break the form: an
 * entry that nobody can read any more would make a release that nobody can resume.
 *
 * @throws {Error} when it is not as its schema demands: a bug of ours, found before it is written
 */
export function redactBody(body: LedgerBody, redactor: Redactor): LedgerBody {
  // What JSON drops, such as members that are undefined, is not hashed either.
  const plain: unknown = JSON.parse(JSON.stringify(body));
  // A value of its own, in which what was taken out can be put back.
  const redacted = redactor.json(plain);
  const first = ledgerBodySchema.safeParse(redacted);
  if (first.success) {
    return first.data;
  }
  for (const { path } of first.error.issues) {
    restore(redacted, plain, path);
  }
  const second = ledgerBodySchema.safeParse(redacted, { reportInput: true });
  if (!second.success) {
    throw new Error(`A ledger entry ${body.type} is not as it must be: ${describeProblems(second.error).join("; ")}`);
  }
  return second.data;
}

function restore(target: unknown, source: unknown, path: readonly PropertyKey[]): void {
  const [key, ...rest] = path;
  if (key === undefined || !isContainer(target) || !isContainer(source)) {
    return;
  }
  if (rest.length === 0) {
    target[key as string] = source[key as string];
  } else {
    restore(target[key as string], source[key as string], rest);
  }
}

function isContainer(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
