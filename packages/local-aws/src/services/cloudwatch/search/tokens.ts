/** A run of characters that a search can match, as it is written. */
const TOKEN = /[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+/g;

/**
 * The tokens of a name: `CustomCount1` is Custom, Count and 1, `Project2-trial333` is Project, 2, trial and 333. Capitals and digits
 * begin a token, anything else than letters and digits separates tokens.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/search-expression-syntax.html#search-expression-syntax-tokenization
 */
export function tokensOf(text: string): string[] {
  return text.match(TOKEN) ?? [];
}

/**
 * True when a term is found in a name by a partial match.
 *
 * A term is found when it is a token of the name, whatever the case, or the whole name but for what separates its tokens, or when its
 * own tokens follow each other in the name. Of those, tokens that nothing separates in the term must be written as in the name:
 * `CustomCount` finds `CustomCount1`, `count1` does not; `network-errors` finds `NetworkErrors2`.
 */
export function matchesPartially(term: string, name: string): boolean {
  const names = tokensOf(name);
  const parts = term.split(/[^A-Za-z0-9]+/).map(tokensOf);
  const wanted = parts.flatMap((part) => part.map((token) => ({ token, exactCase: part.length > 1 })));
  if (wanted.length === 0) {
    return false;
  }
  if (joined(wanted.map(({ token }) => token)) === joined(names)) {
    return true;
  }
  return names.some((_, start) =>
    wanted.every(({ token, exactCase }, index) => {
      const found = names[start + index];
      return found !== undefined && (exactCase ? found === token : found.toLowerCase() === token.toLowerCase());
    }),
  );
}

function joined(tokens: readonly string[]): string {
  return tokens.join("").toLowerCase();
}
