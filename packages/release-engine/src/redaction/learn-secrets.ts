import { Sensitive } from "../sensitive.ts";
import { isSecretName } from "./is-secret-name.ts";
import type { Redactor } from "./redactor.ts";

/** What a variable has in it that is shorter than this is more likely a word than a secret. */
const LEAST_LENGTH = 8;

/** Teaches a redactor all texts and numbers in a value: a sensitive output or variable may be a list or a map. */
export function learnSecrets(redactor: Redactor, value: unknown): void {
  if (value instanceof Sensitive) {
    learnSecrets(redactor, value.reveal());
  } else if (typeof value === "string" || typeof value === "number") {
    redactor.learn(String(value));
  } else if (typeof value === "object" && value !== null) {
    for (const member of Object.values(value)) {
      learnSecrets(redactor, member);
    }
  }
}

/**
 * Teaches a redactor the values of all environment variables whose names say that they are secrets. `PWD` says so, and is the folder that a
 * shell is in: were it learned, no path would be readable any more.
 */
export function learnEnvironment(redactor: Redactor, env: Readonly<Record<string, string | undefined>>): void {
  for (const [name, value] of Object.entries(env)) {
    const isFolder = name === "PWD" && value?.startsWith("/") === true;
    if (value !== undefined && value.length >= LEAST_LENGTH && isSecretName(name) && !isFolder) {
      redactor.learn(value);
    }
  }
}
