import { entropyOf } from "./entropy-of.ts";

/** What stands where a secret was. */
export const REDACTED = "(redacted)";

/** Takes one kind of secret out of a text. */
export interface SecretPattern {
  readonly name: string;
  readonly pattern: RegExp;
  /** What is put in its place; all of it is the secret unless given. */
  readonly replace?: (match: string, ...groups: string[]) => string;
}

/** Values that stand for something else: nothing is hidden by hiding them, and much is lost. */
const NO_SECRET =
  /^(?:null|none|undefined|true|false|yes|no|optional|required|missing|AWS_IAM|CUSTOM|COGNITO_USER_POOLS|\*+|<[^>]*>|\$\{[^}]*\}?|\$[A-Z_]+|\(?(?:redacted|sensitive|known)\b.*|arn:aws[a-z-]*:.*)$/i;

/** Whether a value under a secret's name is none. */
export function standsForNothing(value: string): boolean {
  return value.trim() === "" || NO_SECRET.test(value.trim());
}

const SECRET_WORD =
  "(?:pass(?:word|wd|phrase)|pwd|secret|token|credential|api[_-]?key|access[_-]?key|private[_-]?key|secret[_-]?key|signing[_-]?key|encryption[_-]?key|account[_-]?key)s?";

/** In the order in which they are looked for: what would be cut up by a later one comes first. */
export const SECRET_PATTERNS: readonly SecretPattern[] = [
  {
    name: "private key",
    // One whose end was cut off is one nevertheless.
    pattern:
      /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----[\s\S]*?(?:-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----|$)/g,
  },
  {
    name: "private key whose beginning was cut off",
    pattern:
      /(?:^[ \t]*[A-Za-z0-9+/=]{1,100}[ \t]*\r?\n){1,100}[ \t]*-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/gm,
  },
  {
    name: "webhook",
    pattern:
      /\bhttps:\/\/(?:hooks\.slack(?:-gov)?\.com\/|(?:\w+\.)?discord(?:app)?\.com\/api\/webhooks\/|[\w.-]+\.webhook\.office\.com\/|outlook\.office(?:365)?\.com\/webhook\/|[\w.-]+\.logic\.azure\.com[:/]|chat\.googleapis\.com\/v1\/spaces\/|hooks\.zapier\.com\/hooks\/|events\.pagerduty\.com\/integration\/|[\w.-]+\.m\.pipedream\.net\/?)(?!\(redacted)[^\s"'\\<>)]*/gi,
    replace: (url) => `${new URL(url).origin}/${REDACTED}`,
  },
  {
    name: "password in a URL",
    pattern: /\b([a-z][a-z0-9+.-]{1,20}:\/\/[^\s/:@"']{0,200}):([^\s/"']{1,300})@/gi,
    replace: (_, before) => `${before}:${REDACTED}@`,
  },
  {
    name: "signature in a URL",
    pattern:
      /([?&](?:X-Amz-(?:Signature|Credential|Security-Token)|sig|signature|key|code|auth|access_token|id_token|refresh_token|token|secret|password|api_?key)=)(?!\(redacted)[^&\s"'\\<>)]+/gi,
    replace: (_, before) => `${before}${REDACTED}`,
  },
  { name: "JSON web token", pattern: /\beyJ[A-Za-z0-9_-]{6,}\.eyJ[A-Za-z0-9_-]{6,}\.[A-Za-z0-9_-]*/g },
  { name: "AWS access key", pattern: /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g },
  { name: "GitHub token", pattern: /\b(?:gh[pousr]_[A-Za-z0-9]{20,}|github_pat_[A-Za-z0-9_]{20,})/g },
  { name: "GitLab token", pattern: /\bglpat-[A-Za-z0-9_-]{20,}/g },
  { name: "Slack token", pattern: /\bx(?:ox[abceoprs]|app)-[A-Za-z0-9-]{10,}/g },
  { name: "npm token", pattern: /\bnpm_[A-Za-z0-9]{30,}/g },
  { name: "Stripe key", pattern: /\b(?:[rs]k|whsec)_(?:live_|test_)?[A-Za-z0-9]{16,}/g },
  { name: "Google key", pattern: /\bAIza[A-Za-z0-9_-]{35}/g },
  { name: "SendGrid key", pattern: /\bSG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}/g },
  { name: "key of a model's API", pattern: /\bsk-(?:ant-|proj-)?[A-Za-z0-9_-]{20,}/g },
  {
    name: "Authorization header",
    pattern:
      /\b((?:proxy-)?authorization\\?["']?\s*[:=]\s*\\?["']?)((?:(?:bearer|basic|token|digest)\s+)?)([^\s"'\\,;]+(?:,? ?(?:Credential|SignedHeaders|Signature)=[^\s"'\\]+)*)/gi,
    replace: (match, before, scheme, value) =>
      standsForNothing(value ?? "") ? match : `${before}${scheme}${REDACTED}`,
  },
  {
    name: "bearer token",
    pattern: /\b((?:bearer|basic)\s+)([A-Za-z0-9._~+/=-]{16,})/gi,
    replace: (match, before, value) => (/\d/.test(value ?? "") ? `${before}${REDACTED}` : match),
  },
  {
    name: "quoted value of a secret's name",
    pattern: new RegExp(
      `(${SECRET_WORD}\\\\?["']?\\s*(?:=>|[:=])\\s*)(\\\\?["'])((?:(?!\\2)[^\\n]){1,4000}?)\\2`,
      "gi",
    ),
    replace: (match, before, quote, value) =>
      standsForNothing(value ?? "") ? match : `${before}${quote}${REDACTED}${quote}`,
  },
  {
    name: "value of a secret's name",
    // `secret:` in an ARN of Secrets Manager comes before a name.
    pattern: new RegExp(
      `(${SECRET_WORD})(?<!secretsmanager:[\\w-]{0,30}:\\d{0,12}:secret)(\\\\?["']?\\s*(?:=>|[:=])\\s*)([^\\s"'\\\\,;&|)}\\]([{<]+)`,
      "gi",
    ),
    replace: (match, name, between, value) =>
      isPlainWord(name ?? "", between ?? "", value ?? "") ? match : `${name}${between}${REDACTED}`,
  },
  {
    name: "flag with a secret",
    pattern: new RegExp(`(--?[a-z-]{0,30}${SECRET_WORD}\\s+)(?!-)([^\\s"']+)`, "gi"),
    replace: (match, before, value) => (standsForNothing(value ?? "") ? match : `${before}${REDACTED}`),
  },
  {
    name: "something random after a secret's name",
    pattern: new RegExp(`(${SECRET_WORD}(?:\\s+(?:is|was|of|for))?\\s+["'\`]?)([A-Za-z0-9+/_=.~-]{16,})`, "gi"),
    replace: (match, before, value) => (isRandom(value ?? "") ? `${before}${REDACTED}` : match),
  },
  {
    name: "AWS secret key",
    pattern: /(?<![A-Za-z0-9/+=_.-])[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+=_-])/g,
    replace: (match) => (isMixed(match) && entropyOf(match) >= 4.4 ? REDACTED : match),
  },
  {
    name: "session token",
    pattern: /(?<![A-Za-z0-9/+=_-])[A-Za-z0-9/+]{100,}={0,2}/g,
    replace: (match) => (isMixed(match) && entropyOf(match) >= 4.8 ? REDACTED : match),
  },
];

/** `token: 3` counts, and `Unexpected token: foo` is about something else. */
function isPlainWord(name: string, between: string, value: string): boolean {
  if (standsForNothing(value)) {
    return true;
  }
  const isAboutTokens = /^tokens?$/i.test(name);
  return isAboutTokens && (/^\d{1,6}\.?$/.test(value) || (between.includes(":") && /^[a-z]{1,11}\.?$/i.test(value)));
}

/** Letters of both cases and digits: what a digest in hexadecimal, a path and a word are not. */
function isMixed(text: string): boolean {
  return /[a-z]/.test(text) && /[A-Z]/.test(text) && /\d/.test(text);
}

function isRandom(text: string): boolean {
  const isDigest = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(text);
  return !isDigest && /\d/.test(text) && /[a-z]/i.test(text) && entropyOf(text) >= 3.3;
}
