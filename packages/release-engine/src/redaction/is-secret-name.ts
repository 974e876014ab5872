/** Last words of names whose values are secrets. */
const WORDS: ReadonlySet<string> = new Set([
  ...["password", "passwd", "pwd", "passphrase", "secret", "token", "credential", "authorization", "cookie"],
  ...["apikey", "jwt"],
]);

/** Last two words of such names: a key alone may be the key of a record, or of a map. */
const PAIRS: ReadonlySet<string> = new Set([
  ...[
    "api key",
    "access key",
    "private key",
    "secret key",
    "signing key",
    "encryption key",
    "shared key",
    "account key",
  ],
  ...["webhook url", "hook url", "connection string", "basic auth"],
]);

/** Each of those words, and the last one of each of those pairs. */
const LAST_WORDS = new RegExp([...WORDS, ...[...PAIRS].map((pair) => pair.replace(/.* /, ""))].join("|"), "iu");

/**
 * Whether a name says that its value is a secret: `DB_PASSWORD`, `clientSecret`, `x-api-key`. Its last words decide: `secret_arn`,
 * `tokenUrl` and `password-policy` name things about secrets.
 */
export function isSecretName(name: string): boolean {
  // Most names have none of them, and need not be taken apart.
  if (!LAST_WORDS.test(name)) {
    return false;
  }
  const words = name
    .replace(/([a-z0-9])([A-Z])/g, "$1 $2")
    .replace(/([A-Z])([A-Z][a-z])/g, "$1 $2")
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== "");
  const last = singular(words.at(-1) ?? "");
  return WORDS.has(last) || PAIRS.has(`${words.at(-2) ?? ""} ${last}`);
}

/** Whether also a number under this name is one: a `token` may be counted, a password is not. */
export function isPasswordName(name: string): boolean {
  return /(passw(or)?d|passphrase|pwd|secret)s?$/i.test(name);
}

function singular(word: string): string {
  return word.endsWith("s") && WORDS.has(word.slice(0, -1)) ? word.slice(0, -1) : word;
}
