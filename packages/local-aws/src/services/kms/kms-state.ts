import type { Tag } from "@aws-sdk/client-kms";
import { AwsError } from "../../core/aws-error.ts";
import type { Core } from "../../core/core.ts";
import type { Operations } from "../../core/service.ts";
import type { Collection } from "../../store/store.ts";
import { awsManagedPolicy, newKey, newMaterial } from "./new-key.ts";

/** The SDK's module of KMS. */
export type Kms = typeof import("@aws-sdk/client-kms");
/** Operations of KMS by name. */
export type KmsOperations = Operations<Kms>;

/** One 256-bit secret of a key; rotation adds another, and old ciphertexts keep the one that they were made with. */
export interface KeyMaterial {
  /** 64 hexadecimal digits. */
  readonly id: string;
  readonly secret: Uint8Array;
  readonly createdAt: Date;
}

/** A symmetric encryption key. */
export interface KeyRecord {
  readonly id: string;
  readonly arn: string;
  readonly createdAt: Date;
  readonly description: string;
  readonly state: "Enabled" | "Disabled" | "PendingDeletion";
  readonly manager: "CUSTOMER" | "AWS";
  readonly policy: string;
  readonly tags: readonly Tag[];
  /** Present while automatic rotation is on. */
  readonly rotation?: { readonly periodInDays: number; readonly next: Date };
  readonly materials: readonly KeyMaterial[];
  /** Present while the deletion is pending. */
  readonly deletion?: { readonly at: Date };
}

/** A name for a key. */
export interface AliasRecord {
  readonly name: string;
  readonly keyId: string;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** AWS's own keys are made when they are first needed. */
const AWS_MANAGED_ALIAS = /^alias\/aws\/[a-z0-9-]+$/;
const DAY_MS = 86_400_000;

/** Keys and aliases, and how requests name them. */
export class KmsState {
  readonly core: Core;
  readonly keys: Collection<KeyRecord>;
  readonly aliases: Collection<AliasRecord>;

  constructor(core: Core) {
    this.core = core;
    this.keys = core.store.collection<KeyRecord>("kms/keys");
    this.aliases = core.store.collection<AliasRecord>("kms/aliases");
  }

  /** Now, to the second. */
  now(): Date {
    return new Date(Math.floor(this.core.clock.now() / 1000) * 1000);
  }

  aliasArn(name: string): string {
    return `arn:aws:kms:${this.core.region}:${this.core.accountId}:${name}`;
  }

  /**
   * The key that an id, a key ARN, an alias or an alias ARN names.
   *
   * @throws AwsError `NotFoundException`
   */
  key(reference: string | undefined): KeyRecord {
    if (reference === undefined || reference === "") {
      throw new AwsError(
        "ValidationException",
        "1 validation error detected: Value null at 'keyId' failed to satisfy constraint: Member must not be null",
      );
    }
    const prefix = this.aliasArn("");
    const local = reference.startsWith(prefix) ? reference.slice(prefix.length) : reference;
    if (local.startsWith("alias/")) {
      const alias = this.aliases.get(local);
      const key = alias === undefined ? this.#awsManagedKey(local) : this.keys.get(alias.keyId);
      if (key === undefined) {
        throw new AwsError("NotFoundException", `Alias ${this.aliasArn(local)} is not found.`);
      }
      return key;
    }
    if (local.startsWith("arn:") && !/^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/.+$/.test(local)) {
      throw new AwsError("NotFoundException", `Invalid arn ${local}`);
    }
    const id = local.startsWith("key/") ? local.slice("key/".length) : local;
    const key = this.keys.get(id);
    if (key === undefined) {
      const isId = /^[0-9a-f-]{36}$/.test(id);
      throw new AwsError(
        "NotFoundException",
        isId || reference.startsWith("arn:")
          ? `Key '${isId ? this.aliasArn(`key/${id}`) : reference}' does not exist`
          : `Invalid keyId '${reference}'`,
      );
    }
    return key;
  }

  /**
   * A key by id or ARN only, as operations that change a key want it.
   *
   * @throws AwsError `NotFoundException`, or `ValidationException` for an alias
   */
  keyById(reference: string | undefined): KeyRecord {
    if (reference !== undefined && /(^|:)alias\//.test(reference)) {
      throw new AwsError("InvalidArnException", `Invalid keyId ${reference}: an alias cannot be used here`);
    }
    return this.key(reference);
  }

  /**
   * A key by id or ARN whose owner may change it and that is not about to be deleted.
   *
   * @throws AwsError `KMSInvalidStateException`, `AccessDeniedException` for AWS's own keys, or as {@link keyById}
   */
  changeableKey(reference: string | undefined): KeyRecord {
    const key = this.keyById(reference);
    refuseAwsManaged(key);
    refusePendingDeletion(key);
    return key;
  }

  /** Changes a key's record. */
  update(key: KeyRecord, changes: Partial<KeyRecord>): KeyRecord {
    const changed = { ...key, ...changes };
    this.keys.put(key.id, changed);
    return changed;
  }

  /** The material that encrypts now, after the rotations that have fallen due. */
  currentMaterial(key: KeyRecord): { readonly key: KeyRecord; readonly index: number; readonly material: KeyMaterial } {
    let current = key;
    while (current.rotation !== undefined && current.rotation.next.getTime() <= this.core.clock.now()) {
      const { periodInDays, next } = current.rotation;
      current = this.update(current, {
        materials: [...current.materials, newMaterial(next)],
        rotation: { periodInDays, next: new Date(next.getTime() + periodInDays * DAY_MS) },
      });
    }
    const index = current.materials.length - 1;
    return { key: current, index, material: current.materials[index] as KeyMaterial };
  }

  #awsManagedKey(alias: string): KeyRecord | undefined {
    if (!AWS_MANAGED_ALIAS.test(alias)) {
      return undefined;
    }
    const service = alias.slice("alias/aws/".length);
    const key = newKey(this, {
      description: `Default key that protects my ${service.toUpperCase()} data when no other key is defined`,
      manager: "AWS",
      policy: awsManagedPolicy(service, this.core.accountId, this.core.region),
    });
    const now = this.now();
    this.core.store.transaction(() => {
      this.keys.put(key.id, key);
      this.aliases.put(alias, { name: alias, keyId: key.id, createdAt: now, updatedAt: now });
    });
    return key;
  }
}

/** AWS's own keys are not the account's to change. */
export function refuseAwsManaged(key: KeyRecord): void {
  if (key.manager === "AWS") {
    throw new AwsError("AccessDeniedException", `${key.arn} is managed by AWS and cannot be changed by this account.`);
  }
}

/** A key whose deletion is pending can only be described or saved from it. */
export function refusePendingDeletion(key: KeyRecord): void {
  if (key.state === "PendingDeletion") {
    throw new AwsError("KMSInvalidStateException", `${key.arn} is pending deletion.`);
  }
}
