import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type AllowedSigners,
  APPROVAL_NAMESPACE,
  type ApprovalSignatures,
  emailOf,
  ReleaseError,
} from "@slipway/release-engine";

interface Answer {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Signatures of approvals by OpenSSH.
 *
 * @see ssh-keygen(1), `-Y sign`, `-Y verify` and ALLOWED SIGNERS
 */
export class SshSignatures implements ApprovalSignatures {
  readonly #signers: AllowedSigners;
  readonly #env: NodeJS.ProcessEnv;

  /** @param signers what the file of allowed signers says that is in force: not what is checked out, which its author may have written */
  constructor(signers: AllowedSigners, env: NodeJS.ProcessEnv) {
    this.#signers = signers;
    this.#env = env;
  }

  async verify({
    text,
    signature,
    identity,
    namespace = APPROVAL_NAMESPACE,
  }: Parameters<ApprovalSignatures["verify"]>[0]): Promise<string | undefined> {
    const folder = await mkdtemp(join(tmpdir(), "slipway-signature-"));
    try {
      const file = join(folder, "signature");
      const allowed = join(folder, "allowed_signers");
      await Promise.all([
        writeFile(file, signature, { mode: 0o600 }),
        writeFile(allowed, this.#signers.text, { mode: 0o600 }),
      ]);
      const signers = ["-f", allowed, "-s", file];
      const found = await run(["-Y", "find-principals", ...signers], "", this.#env);
      if (found.code !== 0) {
        return `no key that ${this.#signers.name} allows has signed it (${lastLine(found).replaceAll(folder, "")})`;
      }
      // The same address may be written otherwise in the file: upper case, a part behind a plus sign, or a pattern that it matches.
      const names = found.stdout.split(/[\n,]/).flatMap((line) => (line.trim() === "" ? [] : [line.trim()]));
      const name = names.find((each) => emailOf({ name: each }) === emailOf({ name: identity }));
      const args = ["-Y", "verify", ...signers, "-I", name ?? identity, "-n", namespace];
      const verified = await run(args, text, this.#env);
      if (verified.code === 0) {
        return undefined;
      }
      return name === undefined
        ? `it is signed with the key of ${names.join(", ")}, and given by ${identity}`
        : `its signature does not hold (${lastLine(verified)})`;
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }
}

/**
 * Signs an approval. ssh-keygen asks for a passphrase at the terminal where the key has one.
 *
 * @param keyFile of a private key, or of the public one where an agent has the private one
 * @returns the signature as text
 * @throws {ReleaseError} when it cannot be signed
 */
export async function signApproval(text: string, keyFile: string, env: NodeJS.ProcessEnv): Promise<string> {
  const answer = await sign(text, keyFile, APPROVAL_NAMESPACE, env);
  if (answer.code !== 0) {
    throw new ReleaseError({
      kind: "failed",
      what: `The approval could not be signed with ${keyFile}`,
      why: answer.stderr.trim(),
      next: "check --sign: it names a private SSH key, or a public one whose private one an agent has",
    });
  }
  return answer.stdout;
}

/** What a journal is signed for, so that its signature is good for nothing else. */
export const JOURNAL_NAMESPACE = "slipway-break-glass";

/**
 * Signs the hash of a journal's line.
 *
 * @returns undefined where it cannot be signed: it is better unsigned than not written
 */
export async function signJournal(text: string, keyFile: string, env: NodeJS.ProcessEnv): Promise<string | undefined> {
  const answer = await sign(text, keyFile, JOURNAL_NAMESPACE, env).catch(() => undefined);
  return answer?.code === 0 ? answer.stdout : undefined;
}

/**
 * Looks whether a signature of a journal's line holds, whoever has made it.
 *
 * @returns the fingerprint of the key, or why it does not hold
 * @throws {ReleaseError} without ssh-keygen
 */
export async function journalKey(
  text: string,
  signature: string,
  env: NodeJS.ProcessEnv,
): Promise<{ readonly key: string } | { readonly why: string }> {
  const folder = await mkdtemp(join(tmpdir(), "slipway-signature-"));
  try {
    const file = join(folder, "signature");
    await writeFile(file, signature, { mode: 0o600 });
    const checked = await run(["-Y", "check-novalidate", "-n", JOURNAL_NAMESPACE, "-s", file], text, env);
    const [key] = /SHA256:[A-Za-z0-9+/=]+/.exec(checked.stdout) ?? [];
    return checked.code === 0 && key !== undefined
      ? { key }
      : { why: lastLine(checked).replaceAll(folder, "") || "ssh-keygen says no more" };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function sign(text: string, keyFile: string, namespace: string, env: NodeJS.ProcessEnv): Promise<Answer> {
  return run(["-Y", "sign", "-n", namespace, "-f", keyFile], text, env);
}

function run(args: readonly string[], input: string, env: NodeJS.ProcessEnv): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const child = spawn("ssh-keygen", args, { env, stdio: ["pipe", "pipe", "pipe"] });
    const [stdout, stderr]: [Buffer[], Buffer[]] = [[], []];
    child.stdout.on("data", (chunk: Buffer) => stdout.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => stderr.push(chunk));
    // It may have ended without reading.
    child.stdin.on("error", () => undefined);
    child.once("error", (cause) =>
      reject(
        new ReleaseError(
          {
            kind: "usage",
            what: "ssh-keygen could not be started",
            why: `signatures of approvals are made and checked by it: ${cause.message}`,
            next: "install OpenSSH (apt-get install openssh-client), then type the same command again",
          },
          { cause },
        ),
      ),
    );
    child.once("close", (code) =>
      resolve({ code: code ?? 1, stdout: Buffer.concat(stdout).toString(), stderr: Buffer.concat(stderr).toString() }),
    );
    child.stdin.end(input);
  });
}

function lastLine({ stderr, stdout }: Answer): string {
  return `${stdout}\n${stderr}`.trim().split("\n").at(-1)?.trim() ?? "";
}
