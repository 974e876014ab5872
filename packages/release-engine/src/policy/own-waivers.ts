import type { Actor, Evidence, Waiver } from "@slipway/contracts";
import { emailOf, isSamePerson } from "../infrastructure/same-person.ts";
import { isWaiverAbout } from "../is-waiver-about.ts";
import { isGuardedCheck } from "./is-guarded-check.ts";

/** Who wrote what is released; `unknown` says why nobody can tell. */
export type KnownAuthors = { readonly authors: readonly Actor[] } | { readonly unknown: string };

/** Waivers, told apart by whether they count. */
export interface SortedWaivers {
  readonly counting: readonly Waiver[];
  /** With why they do not. */
  readonly ignored: readonly { readonly waiver: Waiver; readonly why: string }[];
}

/**
 * Tells waivers that count from those that do not: of a review, or of a check that puts a release back, the word of who wrote the release
 * is not enough. Of all other checks it is: they keep watch over the code, and not over its authors.
 *
 * @param putBackOn ids of the checks that put a release back
 */
export function sortWaivers(
  waivers: readonly Waiver[],
  known: KnownAuthors,
  putBackOn: ReadonlySet<string>,
): SortedWaivers {
  const counting: Waiver[] = [];
  const ignored: { waiver: Waiver; why: string }[] = [];
  for (const waiver of waivers) {
    const why = isGuardedCheck(waiver.check, putBackOn) ? whyNot(waiver, known) : undefined;
    if (why === undefined) {
      counting.push(waiver);
    } else {
      ignored.push({ waiver, why });
    }
  }
  return { counting, ignored };
}

/** Says in the findings that stay open whose waiver did not count, and why. */
export function nameIgnoredWaivers(evidence: readonly Evidence[], ignored: SortedWaivers["ignored"]): Evidence[] {
  return evidence.map((each) => {
    if (each.status !== "fail" && each.status !== "unknown") {
      return each;
    }
    const words = ignored
      .filter(({ waiver }) => isWaiverAbout(waiver, each))
      .map(({ waiver, why }) => `The waiver of ${waiver.by} (${waiver.reason}) does not count: ${why}`);
    return words.length === 0 ? each : { ...each, found: [each.found, ...words].join("\n") };
  });
}

function whyNot({ by }: Waiver, known: KnownAuthors): string | undefined {
  if ("unknown" in known) {
    return `nobody knows whether it is an author's (${known.unknown})`;
  }
  if (emailOf({ name: by }) === undefined) {
    return "a name without an address may be one of its authors'; write it as 'Jane Doe <jane@example.com>'";
  }
  const author = known.authors.find((each) => isSamePerson(each, { name: by }));
  return author === undefined
    ? undefined
    : `${author.name} wrote or committed some of what is released: somebody else has to answer for it`;
}
