import { randomBytes } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import type { Lab } from "./lab.ts";

/** A secret, and where it was put. */
export interface PlantedSecret {
  readonly kind: string;
  readonly value: string;
}

const letters = (count: number) => randomBytes(count).toString("base64url").replace(/[-_]/g, "x").slice(0, count);
const base64 = (text: string) => Buffer.from(text).toString("base64url");

/** Ten kinds of secrets and more, new ones each time. */
export function makeSecrets() {
  return {
    accessKeySecret: { kind: "secret access key of AWS", value: `${letters(18)}/${letters(21)}` },
    githubToken: { kind: "token of GitHub", value: `ghp_${letters(36)}` },
    // Nobody listens there: what could not be told must not be told of.
    webhook: { kind: "address of a webhook", value: `http://127.0.0.1:9/services/${letters(24)}` },
    answeringWebhook: { kind: "address of a webhook that answers", value: letters(24) },
    token: {
      kind: "JSON web token",
      value: `${base64('{"alg":"HS256"}')}.${base64(`{"sub":"${letters(12)}"}`)}.${letters(43)}`,
    },
    privateKey: {
      kind: "private key",
      value: `-----BEGIN PRIVATE KEY-----\\n${letters(60)}\\n${letters(60)}\\n-----END PRIVATE KEY-----`,
    },
    databaseUrl: { kind: "password in a URL", value: letters(20) },
    npmToken: { kind: "token of npm", value: `npm_${letters(36)}` },
    stripeKey: { kind: "key of Stripe", value: `sk_live_${letters(24)}` },
    bearer: { kind: "bearer token in a header", value: letters(32) },
    password: { kind: "password that looks like nothing", value: `${letters(6)}-${letters(6)}-${letters(6)}` },
  } satisfies Record<string, PlantedSecret>;
}

export type PlantedSecrets = ReturnType<typeof makeSecrets>;

/** All texts that a secret may be found as. */
function formsOf(value: string): readonly string[] {
  // A key's lines are as secret as the key.
  const lines = value.split("\\n").filter((line) => line.length >= 20 && !line.startsWith("-----"));
  const plain = lines.length > 0 ? lines : [value];
  return plain.flatMap((text) => [text, encodeURIComponent(text), Buffer.from(text).toString("base64")]);
}

/** Where secrets are found: each place with the kind, and never the secret. */
export function secretsIn(place: string, text: string, secrets: PlantedSecrets): readonly string[] {
  return Object.values(secrets)
    .filter(({ value }) => formsOf(value).some((form) => text.includes(form)))
    .map(({ kind }) => `${kind} in ${place}`);
}

/** The same for all files of a folder. */
export function secretsInFiles(folder: string, secrets: PlantedSecrets, except: RegExp): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => !except.test(file) && statSync(join(folder, file), { throwIfNoEntry: false })?.isFile() === true)
    .flatMap((file) => secretsIn(file, readFileSync(join(folder, file), "latin1"), secrets));
}

/** What was printed or sent, and by what. */
export interface Said {
  readonly by: string;
  readonly text: string;
}

/** Checks that none of them is in the ledger, in what Slipway keeps in files, or in what was printed and sent. */
export async function expectNoSecrets(lab: Lab, secrets: PlantedSecrets, said: readonly Said[]): Promise<void> {
  const { entries } = await lab.ledger();
  const found = [
    ...entries.flatMap((entry) =>
      secretsIn(`entry ${entry.sequence} (${entry.body.type})`, JSON.stringify(entry), secrets),
    ),
    ...said.flatMap(({ by, text }) => secretsIn(by, text, secrets)),
    ...secretsInFiles(join(lab.repository.path, ".slipway"), secrets, /(?!)/),
    // What they were put into, and its working copy.
    ...secretsInFiles(
      join(lab.localAws.dataDir, "state/rehearsal"),
      secrets,
      /secret\.auto\.tfvars$|leak\.mjs$|\.terraform\//,
    ),
  ];
  expect(found).toEqual([]);
}
