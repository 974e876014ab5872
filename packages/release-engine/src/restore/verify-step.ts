import type { Evidence } from "@slipway/contracts";
import type { IndexAnswer } from "../ports/table-restore.ts";
import type { StepHandler } from "../release/step-handler.ts";
import { countEvidence } from "./count-evidence.ts";
import { type RestoreDeps, restoreOf } from "./restore-deps.ts";

/** Items, chosen by chance, that each index is asked for. */
const SAMPLE = 100;

/**
 * `data.verify`: reads all of the restored table, and asks its indexes. What is in it cannot be held against the table at that second, which
 * AWS shows nobody: it is counted, and its digest written down. Of a backup that was verified before the digest is known.
 */
export function verifyStep({ restorer, contents, clock, earlierDigest }: RestoreDeps): StepHandler<"data.verify"> {
  return async ({ plan, step, line, signal, write }) => {
    const { table, restored, to } = restoreOf(plan);
    const onCount = (items: number) => line(`${items.toLocaleString("en-US")} items read`);
    const { items, digest, indexes } = await contents.inspect(restored, { sample: SAMPLE, onCount, signal });
    const rough = await restorer.roughCount(table, signal);
    const earlier = "backup" in to ? await earlierDigest(to.backup) : undefined;
    const at = new Date(clock.now()).toISOString();
    const evidence: Evidence[] = [
      {
        ...{ check: "restore.items", title: "The restored table has items", subject: restored, at },
        status: countStatus(items, rough),
        found: `${items.toLocaleString("en-US")} items, digest ${digest}; ${table} had about ${rough.toLocaleString("en-US")} some hours ago`,
        ...(items === 0 && rough > 0 ? { next: "restore it to another second" } : {}),
      },
      ...indexes.map((answer) => indexEvidence(restored, answer, at)),
      ...(earlier === undefined
        ? []
        : [
            {
              ...{
                check: "restore.digest",
                title: "It is what the backup was when it was verified",
                subject: restored,
                at,
              },
              status: earlier === digest ? ("pass" as const) : ("fail" as const),
              found: earlier === digest ? "the digests are the same" : `its digest is ${digest}, and was ${earlier}`,
            },
          ]),
    ];
    await write({ type: "evidence", step: step.id, evidence });
    const counts = countEvidence(evidence);
    const result = { ...counts, items, digest };
    const bad = evidence.filter(({ status }) => status === "fail");
    if (bad.length > 0) {
      const summary = bad.map(({ title, found }) => `NOT so: ${title.toLowerCase()} (${found})`).join("; ");
      return { outcome: "failed", summary, next: `look at ${restored}`, result };
    }
    const answering = indexes.length === 1 ? "1 index answers" : `${indexes.length} indexes answer`;
    // Said, and no reason to leave the table frozen: nobody could make it known.
    const unknown = evidence
      .filter(({ status }) => status === "unknown")
      .map(({ title, found }) => `; NOT KNOWN: ${title.toLowerCase()} (${found})`);
    return {
      outcome: "done",
      summary: `${items.toLocaleString("en-US")} items, ${unknown.length === 0 ? answering : `${indexes.length} indexes asked`}; digest ${digest}${unknown.join("")}`,
      result,
    };
  };
}

/** A table may well have had fewer items at that second, but hardly less than half of them. */
function countStatus(items: number, rough: number): Evidence["status"] {
  if (items === 0 && rough > 0) {
    return "fail";
  }
  return items < rough / 2 ? "unknown" : "pass";
}

function indexEvidence(table: string, answer: IndexAnswer, at: string): Evidence {
  const { index, isActive, asked, found, givenUp = 0 } = answer;
  const isBad = !isActive || found + givenUp < asked;
  const isKnown = asked > 0 && givenUp === 0;
  const words =
    asked === 0
      ? "no item that was looked at has its keys, so it was asked for none"
      : `it has ${found} of ${asked} items that were looked for${givenUp === 0 ? "" : `; ${givenUp} were given up, because too many items have the same keys there`}`;
  return {
    ...{ check: "restore.index", title: `The index ${index} answers`, subject: `${table}/${index}`, at },
    status: isBad ? "fail" : isKnown ? "pass" : "unknown",
    found: isActive ? words : "it is not active",
  };
}
