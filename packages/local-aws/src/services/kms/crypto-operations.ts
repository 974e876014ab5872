import { randomBytes } from "node:crypto";
import { AwsError } from "../../core/aws-error.ts";
import { decrypt, encrypt, keyOfCiphertext } from "./ciphertext.ts";
import { type KeyRecord, type KmsOperations, type KmsState, refusePendingDeletion } from "./kms-state.ts";

const LARGEST_PLAINTEXT = 4096;
const LARGEST_CIPHERTEXT = 6144;
const LARGEST_RANDOM = 1024;
const SYMMETRIC = "SYMMETRIC_DEFAULT";

/** Encryption under keys: AES-256-GCM with the encryption context as additional data. */
export function cryptoOperations(state: KmsState) {
  const dataKey = (input: {
    readonly KeyId?: string | undefined;
    readonly KeySpec?: string | undefined;
    readonly NumberOfBytes?: number | undefined;
    readonly EncryptionContext?: Record<string, string> | undefined;
    readonly DryRun?: boolean | undefined;
  }) => {
    const key = usableKey(state, input.KeyId);
    const length = dataKeyLength(input.KeySpec, input.NumberOfBytes);
    refuseDryRun(input.DryRun);
    const plaintext = new Uint8Array(randomBytes(length));
    const ciphertext = encrypt(state, key, plaintext, input.EncryptionContext);
    return { key: state.key(key.id), plaintext, ciphertext };
  };

  return {
    Encrypt(input) {
      const key = usableKey(state, input.KeyId);
      refuseAlgorithm(input.EncryptionAlgorithm);
      checkBlob("plaintext", input.Plaintext, LARGEST_PLAINTEXT);
      refuseDryRun(input.DryRun);
      return {
        CiphertextBlob: encrypt(state, key, input.Plaintext ?? new Uint8Array(), input.EncryptionContext),
        KeyId: key.arn,
        EncryptionAlgorithm: SYMMETRIC,
      };
    },

    Decrypt(input) {
      refuseRecipient(input.Recipient);
      refuseAlgorithm(input.EncryptionAlgorithm);
      const { key, plaintext } = open(state, input.CiphertextBlob, input.KeyId, input.EncryptionContext);
      refuseDryRun(input.DryRun);
      return { KeyId: key.arn, Plaintext: plaintext, EncryptionAlgorithm: SYMMETRIC };
    },

    ReEncrypt(input) {
      refuseAlgorithm(input.SourceEncryptionAlgorithm);
      refuseAlgorithm(input.DestinationEncryptionAlgorithm);
      const destination = usableKey(state, input.DestinationKeyId);
      const source = open(state, input.CiphertextBlob, input.SourceKeyId, input.SourceEncryptionContext);
      refuseDryRun(input.DryRun);
      return {
        CiphertextBlob: encrypt(state, destination, source.plaintext, input.DestinationEncryptionContext),
        SourceKeyId: source.key.arn,
        KeyId: destination.arn,
        SourceEncryptionAlgorithm: SYMMETRIC,
        DestinationEncryptionAlgorithm: SYMMETRIC,
      };
    },

    GenerateDataKey(input) {
      refuseRecipient(input.Recipient);
      const { key, plaintext, ciphertext } = dataKey(input);
      return {
        CiphertextBlob: ciphertext,
        Plaintext: plaintext,
        KeyId: key.arn,
        KeyMaterialId: key.materials.at(-1)?.id,
      };
    },

    GenerateDataKeyWithoutPlaintext(input) {
      const { key, ciphertext } = dataKey(input);
      return { CiphertextBlob: ciphertext, KeyId: key.arn, KeyMaterialId: key.materials.at(-1)?.id };
    },

    GenerateRandom(input) {
      refuseRecipient(input.Recipient);
      if (input.CustomKeyStoreId !== undefined) {
        throw unsupported("custom key stores");
      }
      return { Plaintext: new Uint8Array(randomBytes(dataKeyLength(undefined, input.NumberOfBytes))) };
    },
  } satisfies KmsOperations;
}

function usableKey(state: KmsState, reference: string | undefined): KeyRecord {
  const key = state.key(reference);
  refuseUnusable(key);
  return key;
}

function refuseUnusable(key: KeyRecord): void {
  refusePendingDeletion(key);
  if (key.state === "Disabled") {
    throw new AwsError("DisabledException", `${key.arn} is disabled.`);
  }
}

function open(
  state: KmsState,
  ciphertext: Uint8Array | undefined,
  keyId: string | undefined,
  context: Record<string, string> | undefined,
): { key: KeyRecord; plaintext: Uint8Array } {
  checkBlob("ciphertextBlob", ciphertext, LARGEST_CIPHERTEXT);
  const named = keyId === undefined ? undefined : state.key(keyId);
  const key = keyOfCiphertext(state, ciphertext ?? new Uint8Array());
  if (named !== undefined && named.id !== key.id) {
    throw new AwsError(
      "IncorrectKeyException",
      "The key ID in the request does not identify a CMK that can perform this operation.",
    );
  }
  refuseUnusable(key);
  return { key, plaintext: decrypt(key, ciphertext ?? new Uint8Array(), context) };
}

function dataKeyLength(spec: string | undefined, bytes: number | undefined): number {
  if ((spec === undefined) === (bytes === undefined)) {
    throw new AwsError("ValidationException", "Please specify either number of bytes or key spec.");
  }
  if (spec !== undefined) {
    const length = { AES_128: 16, AES_256: 32 }[spec];
    if (length === undefined) {
      throw new AwsError(
        "ValidationException",
        `1 validation error detected: Value '${spec}' at 'keySpec' failed to satisfy constraint: Member must satisfy enum value set: [AES_256, AES_128]`,
      );
    }
    return length;
  }
  const length = bytes ?? 0;
  if (!Number.isInteger(length) || length < 1 || length > LARGEST_RANDOM) {
    throw new AwsError(
      "ValidationException",
      `1 validation error detected: Value '${length}' at 'numberOfBytes' failed to satisfy constraint: Member must have value between 1 and ${LARGEST_RANDOM}`,
    );
  }
  return length;
}

function checkBlob(name: string, bytes: Uint8Array | undefined, largest: number): void {
  const length = bytes?.byteLength ?? 0;
  if (length < 1 || length > largest) {
    throw new AwsError(
      "ValidationException",
      `1 validation error detected: Value at '${name}' failed to satisfy constraint: Member must have length between 1 and ${largest}`,
    );
  }
}

function refuseAlgorithm(algorithm: string | undefined): void {
  if (algorithm !== undefined && algorithm !== SYMMETRIC) {
    throw new AwsError(
      "InvalidKeyUsageException",
      `Algorithm ${algorithm} is incompatible with key spec ${SYMMETRIC}.`,
    );
  }
}

function refuseRecipient(recipient: unknown): void {
  if (recipient !== undefined) {
    throw unsupported("attested recipients (Nitro Enclaves)");
  }
}

function refuseDryRun(dryRun: boolean | undefined): void {
  if (dryRun === true) {
    throw new AwsError("DryRunOperationException", "The request would have succeeded, but the DryRun option is set.");
  }
}

function unsupported(what: string): AwsError {
  return new AwsError("UnsupportedOperationException", `Local AWS does not implement ${what} in KMS.`);
}
