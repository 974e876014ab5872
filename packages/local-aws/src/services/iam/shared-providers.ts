import { AwsError } from "../../core/aws-error.ts";

/**
 * Providers that everybody's tokens come from, with the key that tells whose a token is: a trust policy without it would trust the
 * whole world.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_oidc_secure-by-default.html
 */
const REQUIRED_KEYS: Readonly<Record<string, string>> = {
  "token.actions.githubusercontent.com": "token.actions.githubusercontent.com:sub",
};

/**
 * Refuses a statement of a trust policy that lets a shared OpenID Connect provider in without asking whose token it is.
 *
 * @throws AwsError `MalformedPolicyDocumentException`
 */
export function checkSharedProviders(statement: Readonly<Record<string, unknown>>): void {
  const { Effect, Principal, Condition } = statement;
  if (Effect !== "Allow" || typeof Principal !== "object" || Principal === null) {
    return;
  }
  for (const federated of listOf((Principal as { readonly Federated?: unknown }).Federated)) {
    const [, url = ""] = String(federated).split(":oidc-provider/");
    const key = Object.hasOwn(REQUIRED_KEYS, url) ? REQUIRED_KEYS[url] : undefined;
    if (key !== undefined && !asksFor(key, Condition)) {
      throw new AwsError(
        "MalformedPolicyDocumentException",
        `The trust policy for the shared provider ${url} must evaluate ${key}, and not with * alone.`,
      );
    }
  }
}

function asksFor(key: string, condition: unknown): boolean {
  return Object.entries((condition ?? {}) as Readonly<Record<string, unknown>>).some(
    ([operator, keys]) =>
      // What is only compared if it is there, or must be something else, lets others in.
      /^(foranyvalue:)?string(equals|like|equalsignorecase)$/i.test(operator) &&
      Object.entries((keys ?? {}) as Readonly<Record<string, unknown>>).some(
        ([name, values]) =>
          name.toLowerCase() === key.toLowerCase() && listOf(values).every((value) => !/^[*?]*$/.test(String(value))),
      ),
  );
}

function listOf(value: unknown): readonly unknown[] {
  return value === undefined || value === null ? [] : Array.isArray(value) ? value : [value];
}
