import type { SourceCommit } from "@slipway/release-engine";

/** Between the fields of a commit; between trailers; between a trailer's name and its value. None of them is in a text of git's. */
const FIELD = "\x1f";
const TRAILER = "\x1e";
const VALUE = "\x1d";

const escaped = (separator: string) => `%x${separator.charCodeAt(0).toString(16).padStart(2, "0")}`;

/** What to give to `git log -z --format=`. Names are those of `.mailmap`, where there is one. */
export const COMMIT_FORMAT = [
  "%H",
  "%aN <%aE>",
  "%cN <%cE>",
  "%s",
  "%G?",
  "%GS",
  `%(trailers:only,unfold,separator=${escaped(TRAILER)},key_value_separator=${escaped(VALUE)})`,
].join(escaped(FIELD));

/** Who has a hand in a commit, for `git log -z --format=`: as it says itself, too, because a `.mailmap` is changed like any other file. */
export const PEOPLE_FORMAT = [
  "%an <%ae>",
  "%aN <%aE>",
  "%cn <%ce>",
  "%cN <%cE>",
  `%(trailers:key=Co-authored-by,valueonly,unfold,separator=${escaped(TRAILER)})`,
].join(escaped(FIELD));

/** Reads what `git log -z --format=` with {@link PEOPLE_FORMAT} printed: authors, committers and co-authors, some of them more than once. */
export function parsePeople(output: string): string[] {
  return output
    .split("\0")
    .filter((record) => record !== "")
    .flatMap((record) => {
      const people = record.split(FIELD);
      return [...people.slice(0, -1), ...(people.at(-1) ?? "").split(TRAILER).map((name) => name.trim())];
    })
    .filter((name) => name !== "");
}

/** Reads what `git log -z --format=` with {@link COMMIT_FORMAT} printed. */
export function parseCommits(output: string): SourceCommit[] {
  return output
    .split("\0")
    .filter((record) => record !== "")
    .map((record) => {
      const [hash = "", author = "", committer = "", subject = "", signature = "", signer = "", trailers = ""] =
        record.split(FIELD);
      return {
        ...{ hash, author, committer, subject, signature, trailers: parseTrailers(trailers) },
        ...(signer === "" ? {} : { signer }),
      };
    });
}

function parseTrailers(text: string): Record<string, string[]> {
  // Without a prototype: a trailer may be called `constructor`.
  const trailers: Record<string, string[]> = Object.create(null);
  for (const line of text.split(TRAILER)) {
    const [name = "", value] = line.split(VALUE);
    if (value !== undefined) {
      const key = name.trim().toLowerCase();
      trailers[key] = [...(trailers[key] ?? []), value.trim()];
    }
  }
  return trailers;
}
