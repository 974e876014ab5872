import { ClearTexts, escapedForPattern } from "./clear-texts.ts";
import { isPasswordName, isSecretName } from "./is-secret-name.ts";
import type { Redactor } from "./redactor.ts";
import { REDACTED, SECRET_PATTERNS, standsForNothing } from "./secret-patterns.ts";

/** Shorter ones are in every other text: hiding `12345` everywhere would hide what happened. */
const LEAST_LENGTH = 6;
/** A line of a secret that has several may be logged alone. */
const LEAST_LINE_LENGTH = 20;
/** So much of the beginning of a secret, where the text that quotes it is cut there, gives it away. */
const LEAST_CUT_LENGTH = 6;
/** Nothing that is cut in a secret is longer: a key is cut in one of its lines. */
const MOST_CUT_LENGTH = 400;
/** Texts that hold JSON are read as JSON up to this length. */
const MOST_JSON_LENGTH = 1_000_000;
/** So many names of members are remembered, up to this length. */
const MOST_NAMES = 2_000;
const MOST_NAME_LENGTH = 100;

/**
 * A redactor that knows what secrets look like, and learns those that look like nothing.
 *
 * It finds what was learned also as it stands in JSON, in a URL, and in Base64. It leaves alone digests, commits, ARNs and versions.
 */
export function createRedactor(): Redactor {
  return new PatternRedactor();
}

class PatternRedactor implements Redactor {
  /** Secrets, each with the forms that it is found in. */
  readonly #learned = new Map<string, readonly string[]>();
  readonly #clear = new ClearTexts();
  /** Names of members are the same again and again. */
  readonly #names = new Map<string, string>();
  #search: Search | undefined;

  learn(secret: string): void {
    const text = secret.trim();
    const forms = formsOf(text);
    if (forms.length > 0 && !this.#learned.has(text)) {
      this.#learned.set(text, forms);
      this.#forgetSearch();
    }
  }

  keep(text: string): void {
    this.#clear.add(text);
    this.#forgetSearch();
  }

  text(value: string): string {
    return this.#inJsonText(value) ?? this.#inText(value);
  }

  json<T>(value: T): T {
    return this.#inValue(value) as T;
  }

  #inText(value: string): string {
    let text = this.#withoutLearned(value);
    for (const { pattern, replace = () => REDACTED } of SECRET_PATTERNS) {
      text = text.replace(pattern, replace);
    }
    return text;
  }

  /** A text that is JSON is read as such, so that members are known by their names; undefined where it is none, or has no secret. */
  #inJsonText(value: string): string | undefined {
    if (value.length > MOST_JSON_LENGTH || !/^\s*[{[]/.test(value)) {
      return undefined;
    }
    let parsed: unknown;
    try {
      parsed = JSON.parse(value);
    } catch {
      return undefined;
    }
    const before = JSON.stringify(parsed);
    const after = JSON.stringify(this.#inValue(parsed));
    return before === after ? value : after;
  }

  #inValue(value: unknown): unknown {
    if (typeof value === "string") {
      return this.text(value);
    }
    if (Array.isArray(value)) {
      return value.map((each) => this.#inValue(each));
    }
    if (typeof value !== "object" || value === null) {
      return value;
    }
    const nameOfValue = namedBy(value);
    return Object.fromEntries(
      Object.entries(value).map(([name, member]) => {
        const means = nameOfValue !== undefined && /^value$/i.test(name) ? nameOfValue : name;
        return [this.#inName(name), isSecret(means, member) ? REDACTED : this.#inValue(member)];
      }),
    );
  }

  #inName(name: string): string {
    const known = this.#names.get(name);
    if (known !== undefined) {
      return known;
    }
    const text = this.#inText(name);
    if (name.length <= MOST_NAME_LENGTH && this.#names.size < MOST_NAMES) {
      this.#names.set(name, text);
    }
    return text;
  }

  /** What was found before may be found otherwise now. */
  #forgetSearch(): void {
    this.#search = undefined;
    this.#names.clear();
  }

  #withoutLearned(value: string): string {
    if (this.#learned.size === 0) {
      return value;
    }
    this.#search ??= this.#searched();
    const { pattern, secrets } = this.#search;
    return secrets.size === 0
      ? value
      : withoutCuts(
          value.replace(pattern, (found) => (secrets.has(found) ? REDACTED : found)),
          secrets,
        );
  }

  #searched(): Search {
    const isSecretStill = ([secret]: readonly [string, readonly string[]]) => !this.#clear.has(secret);
    const secrets = new Set([...this.#learned].filter(isSecretStill).flatMap(([, forms]) => forms));
    const clear = this.#clear.around(secrets).filter((text) => !secrets.has(text));
    const sources = [
      ...[...secrets].map((text) => ({ text, source: escapedForPattern(text) })),
      ...clear.map((text) => ({ text, source: `(?<![A-Za-z0-9])${escapedForPattern(text)}(?![A-Za-z0-9])` })),
    ];
    // The longest first: one secret may be a part of another.
    sources.sort((left, right) => right.text.length - left.text.length);
    return { secrets, pattern: new RegExp(sources.map(({ source }) => source).join("|"), "g") };
  }
}

/** What is quoted is cut at some length, and then `...` or `…` stands for the rest: also for that of a secret. */
function withoutCuts(text: string, secrets: ReadonlySet<string>): string {
  const pieces: string[] = [];
  let done = 0;
  for (const { index } of text.matchAll(/\.\.\.|…/g)) {
    const tail = text.slice(Math.max(done, index - MOST_CUT_LENGTH), index);
    const length = tail === "" ? 0 : Math.max(...[...secrets].map((secret) => cutLength(tail, secret)));
    if (length > 0) {
      pieces.push(text.slice(done, index - length), REDACTED);
      done = index;
    }
  }
  return pieces.length === 0 ? text : [...pieces, text.slice(done)].join("");
}

/** How much of a secret's beginning a text ends with. */
function cutLength(text: string, secret: string): number {
  const beginning = secret.slice(0, LEAST_CUT_LENGTH);
  for (let at = text.indexOf(beginning); at >= 0; at = text.indexOf(beginning, at + 1)) {
    if (secret.startsWith(text.slice(at))) {
      return text.length - at;
    }
  }
  return 0;
}

/** How what was learned is found. */
interface Search {
  /** Finds secrets, and the clear texts that have one of them in them. */
  readonly pattern: RegExp;
  readonly secrets: ReadonlySet<string>;
}

function isSecret(name: string, value: unknown): boolean {
  if (!isSecretName(name)) {
    return false;
  }
  if (typeof value === "string") {
    return !standsForNothing(value);
  }
  return typeof value === "number" ? isPasswordName(name) : isFilled(value);
}

/** Whether it is a list or an object with something in it. */
function isFilled(value: unknown): boolean {
  return typeof value === "object" && value !== null && Object.keys(value).length > 0;
}

/** What a pair such as `{ name: "DB_PASSWORD", value: "…" }` is called. */
function namedBy(value: object): string | undefined {
  const entry = Object.entries(value).find(
    ([name, member]) => /^(name|key)$/i.test(name) && typeof member === "string",
  );
  return entry?.[1];
}

function formsOf(text: string): string[] {
  if (text.length < LEAST_LENGTH || /^\d{1,7}$/.test(text) || standsForNothing(text)) {
    return [];
  }
  const lines = text.split(/\r?\n|\\n/).filter((line) => line.length >= LEAST_LINE_LENGTH && !line.startsWith("-----"));
  return [
    text,
    JSON.stringify(text).slice(1, -1),
    encodeURIComponent(text),
    Buffer.from(text).toString("base64"),
    Buffer.from(text).toString("base64url"),
    ...(lines.length > 1 ? lines : []),
  ];
}
