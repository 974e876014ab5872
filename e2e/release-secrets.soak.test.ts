import { afterAll, beforeAll, expect, test } from "vitest";
import { Lab } from "./release/lab.ts";
import { makeSecrets, secretsIn } from "./release/planted-secrets.ts";
import { releaseWithSecrets } from "./release/release-with-secrets.ts";

let lab: Lab;

beforeAll(async () => {
  lab = await Lab.open();
});

afterAll(async () => {
  await lab?.close();
});

test("a secret would be found: as it is, in an address, in Base64, and a line of a key", () => {
  const secrets = makeSecrets();
  for (const { value } of Object.values(secrets)) {
    const forms = [value.replaceAll("\\n", "\n"), Buffer.from(value.split("\\n")[1] ?? value).toString("base64")];
    for (const form of forms) {
      expect(secretsIn("here", `before ${form} after`, secrets)).toHaveLength(1);
    }
  }
  expect(secretsIn("here", "nothing", secrets)).toEqual([]);
});

test("ten kinds of secrets are in no entry of the ledger, no file, and nothing that is printed", async () => {
  await releaseWithSecrets(lab);
});
