import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { AwsError } from "../../core/aws-error.ts";
import type { KeyRecord, KmsState } from "./kms-state.ts";

/*
 * A ciphertext blob says which key and which of its materials made it:
 *
 *   1 byte   layout (1)
 *  16 bytes  key id
 *   2 bytes  number of the material
 *  12 bytes  nonce
 *   n bytes  AES-256-GCM ciphertext
 *  16 bytes  tag, over the ciphertext, the head above and the encryption context
 */
const LAYOUT = 1;
const HEAD = 1 + 16 + 2;
const NONCE = 12;
const TAG = 16;

/** Key-value pairs that have to be the same on decryption. */
export type EncryptionContext = Readonly<Record<string, string>> | undefined;

/** Encrypts under a key's current material. */
export function encrypt(
  state: KmsState,
  wanted: KeyRecord,
  plaintext: Uint8Array,
  context: EncryptionContext,
): Uint8Array {
  const { key, index, material } = state.currentMaterial(wanted);
  const head = Buffer.alloc(HEAD);
  head.writeUInt8(LAYOUT, 0);
  head.write(key.id.replaceAll("-", ""), 1, "hex");
  head.writeUInt16BE(index, 17);
  const nonce = randomBytes(NONCE);
  const cipher = createCipheriv("aes-256-gcm", material.secret, nonce);
  cipher.setAAD(Buffer.concat([head, canonical(context)]));
  return Buffer.concat([head, nonce, cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
}

/**
 * The key that made a ciphertext.
 *
 * @throws AwsError `InvalidCiphertextException` when it is none of ours
 */
export function keyOfCiphertext(state: KmsState, ciphertext: Uint8Array): KeyRecord {
  if (ciphertext.byteLength < HEAD + NONCE + TAG || ciphertext[0] !== LAYOUT) {
    throw invalidCiphertext();
  }
  const id = Buffer.from(ciphertext.subarray(1, 17))
    .toString("hex")
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
  const key = state.keys.get(id);
  if (key === undefined) {
    throw invalidCiphertext();
  }
  return key;
}

/**
 * Decrypts what {@link encrypt} made under this key.
 *
 * @throws AwsError `InvalidCiphertextException` when ciphertext, key or context do not fit
 */
export function decrypt(key: KeyRecord, ciphertext: Uint8Array, context: EncryptionContext): Uint8Array {
  const bytes = Buffer.from(ciphertext);
  const head = bytes.subarray(0, HEAD);
  const material = key.materials[head.readUInt16BE(17)];
  if (material === undefined) {
    throw invalidCiphertext();
  }
  const decipher = createDecipheriv("aes-256-gcm", material.secret, bytes.subarray(HEAD, HEAD + NONCE));
  decipher.setAAD(Buffer.concat([head, canonical(context)]));
  decipher.setAuthTag(bytes.subarray(-TAG));
  try {
    return Buffer.concat([decipher.update(bytes.subarray(HEAD + NONCE, -TAG)), decipher.final()]);
  } catch (cause) {
    throw invalidCiphertext(cause);
  }
}

/** The context as bytes, whatever the order of its keys. */
function canonical(context: EncryptionContext): Buffer {
  const pairs = Object.entries(context ?? {}).sort(([one], [other]) => (one < other ? -1 : 1));
  return Buffer.from(JSON.stringify(pairs));
}

/** AWS sends no message with it either: it would tell an attacker what to try next. */
function invalidCiphertext(cause?: unknown): AwsError {
  return new AwsError("InvalidCiphertextException", "", { cause });
}
