import { readFile } from "node:fs/promises";
import { extname, join } from "node:path";
import type { lintSource } from "@secretlint/core";
import { assertNotInterrupted, type SecretFinding, type SecretScan, type SecretScanner } from "@slipway/release-engine";

type LintConfig = Parameters<typeof lintSource>[0]["options"]["config"];

/** What is longer is data, and would take seconds. */
const MOST_BYTES = 2 * 1024 * 1024;
/** Ids of users and roles look alike, and are no keys. */
const ACCESS_KEY = /^A[KS]IA/;
/** A byte that no text has. */
const NOT_TEXT = 0;

/**
 * Looks for secrets with secretlint's recommended rules: keys and tokens of some twenty services, private keys, passwords in URLs. A
 * comment `secretlint-disable-line` says of a line that it has none.
 *
 * Chosen because it runs in this process, asks nobody, and is small (MIT, released every month, eight packages); gitleaks and trufflehog
 * are programs that every machine would have to have.
 */
export class SecretlintScanner implements SecretScanner {
  readonly name = "secretlint 13.1.0";
  readonly #directory: string;

  /** @param directory absolute path that paths are relative to */
  constructor(directory: string) {
    this.#directory = directory;
  }

  async scan(
    paths: readonly string[],
    { allow, signal }: { readonly allow: readonly string[]; readonly signal?: AbortSignal },
  ): Promise<SecretScan> {
    const [{ lintSource: lint }, config] = await Promise.all([import("@secretlint/core"), loadRules()]);
    const findings: SecretFinding[] = [];
    const tooLarge: string[] = [];
    let scanned = 0;
    let binary = 0;
    for (const path of paths) {
      assertNotInterrupted(signal, "while secrets were looked for");
      const bytes = await readFile(join(this.#directory, path));
      if (bytes.includes(NOT_TEXT)) {
        binary += 1;
        continue;
      }
      if (bytes.length > MOST_BYTES) {
        tooLarge.push(path);
        continue;
      }
      scanned += 1;
      const content = bytes.toString("utf8");
      const { messages } = await lint({
        source: { filePath: path, content, contentType: "text", ext: extname(path) },
        options: { config, locale: "en", maskSecrets: true, noPhysicFilePath: true },
      });
      for (const { messageId, loc, range } of messages) {
        const text = content.slice(...range);
        if (allow.includes(text) || (messageId === "AWSAccessKeyID" && !ACCESS_KEY.test(text))) {
          continue;
        }
        findings.push({ path, line: loc.start.line, kind: messageId });
      }
    }
    return { findings, scanned, binary, tooLarge };
  }
}

async function loadRules(): Promise<LintConfig> {
  const { creator } = await import("@secretlint/secretlint-rule-preset-recommend");
  return {
    rules: [
      {
        id: "@secretlint/secretlint-rule-preset-recommend",
        rule: creator,
        rules: [
          {
            id: "@secretlint/secretlint-rule-aws",
            // Access key ids are looked for only when asked. Account ids are no secrets: every ARN has one.
            options: { enableIDScanRule: true },
            allowMessageIds: ["AWSAccountID"],
          },
        ],
      },
    ],
  };
}
