import type { Actor } from "@slipway/contracts";

/**
 * What tells people apart: the e-mail address in a name, the name itself where there is none, and the identity that AWS saw. Two who share
 * one of them are taken for one person.
 */
export function identitiesOf({ name, principal }: Actor): ReadonlySet<string> {
  const email =
    /<([^<>\s]+@[^<>\s]+)>\s*$/.exec(name)?.[1] ?? (/^\s*[^\s<>]+@[^\s<>]+\s*$/.test(name) ? name : undefined);
  return new Set([
    email === undefined ? `name ${plain(name).replaceAll(/\s+/g, " ")}` : `email ${normalEmail(email)}`,
    ...(principal === undefined ? [] : [`principal ${principal}`]),
  ]);
}

export function isSamePerson(left: Actor, right: Actor): boolean {
  const others = identitiesOf(right);
  return [...identitiesOf(left)].some((identity) => others.has(identity));
}

/** The e-mail address of somebody, as signatures and commits are compared by it; undefined where the name has none. */
export function emailOf(actor: Actor): string | undefined {
  return [...identitiesOf({ name: actor.name })]
    .find((identity) => identity.startsWith("email "))
    ?.slice("email ".length);
}

/** What GitHub puts before a private address, and what people put behind their name, is the same person's. */
function normalEmail(email: string): string {
  const [local = "", domain = ""] = plain(email).split("@");
  const name = local.replace(/\+.*$/, "");
  return domain === "users.noreply.github.com" ? `${local.replace(/^\d+\+/, "")}@${domain}` : `${name}@${domain}`;
}

function plain(text: string): string {
  return text.trim().normalize("NFKC").toLowerCase();
}
