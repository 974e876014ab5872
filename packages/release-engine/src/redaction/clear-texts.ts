/** What can be read in texts that everybody may read: the values of outputs that are not sensitive. */
export class ClearTexts {
  readonly #texts = new Set<string>();
  /** Names, and hosts of addresses: what their words say, they say everywhere. */
  readonly #names = new Set<string>();
  /** What is shown as it is wherever it stands whole: the steps of a release go by names and addresses. */
  readonly #whole = new Set<string>();

  add(given: string): void {
    const text = given.trim();
    this.#texts.add(text);
    if (/^[\w.:/-]+$/.test(text) && !text.includes("://")) {
      this.#names.add(text);
      this.#whole.add(text);
    } else if (URL.canParse(text)) {
      // Neither its user and password nor its query: there are the secrets of addresses.
      const { protocol, host, hostname, pathname, username } = new URL(text);
      this.#names.add(hostname);
      if (username === "" && host !== "") {
        const address = `${protocol}//${host}${pathname}`;
        this.#whole.add(text.startsWith(address) ? address : `${protocol}//${host}`);
      }
    }
  }

  /**
   * Whether a value that was called a secret is none: it is such a text, or it is words of a name. What merely occurs in an address, and
   * what looks like no words, stays one.
   */
  has(secret: string): boolean {
    return (
      this.#texts.has(secret) || (isWords(secret) && [...this.#names].some((name) => standsAlone(secret).test(name)))
    );
  }

  /** Those that a secret is in, for which they are not taken apart. */
  around(secrets: ReadonlySet<string>): readonly string[] {
    return [...this.#whole].filter((text) => [...secrets].some((secret) => text.includes(secret)));
  }
}

/** `us-east-1`, `shop_orders`, `ItemsTable`, `api-v2`: each word has its digits, if any, at its end. */
function isWords(text: string): boolean {
  return text.split(/[-_./:]/).every((word) => /^(?:[a-z]*|[A-Z]+|(?:[A-Z]?[a-z]{2,}){1,4})\d{0,4}$/.test(word));
}

function standsAlone(text: string): RegExp {
  return new RegExp(`(?<![A-Za-z0-9])${escapedForPattern(text)}(?![A-Za-z0-9])`);
}

export function escapedForPattern(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/-]/g, "\\$&");
}
