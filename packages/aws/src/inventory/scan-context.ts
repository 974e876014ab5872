import { AdaptivePace, type Clock } from "@slipway/release-engine";
import { type AwsClientOptions, type ClientSettings, clientSettings } from "../client-settings.ts";
import { translateScanError } from "./translate-scan-error.ts";

/** What SDK clients are made with. */
interface ScanClientSettings extends ClientSettings {
  readonly maxAttempts: number;
  readonly forcePathStyle?: boolean;
}

interface Client {
  destroy(): void;
}

/** Handed on to the SDK with each call. */
export interface CallOptions {
  readonly abortSignal: AbortSignal;
}

/** What a scan tells its context. */
export interface ScanContextOptions extends AwsClientOptions {
  readonly clock: Clock;
  /** Aborted when the scan shall stop, for whatever reason. */
  readonly signal: AbortSignal;
}

/** The SDK tries again at once for a broken connection; for throttling the pace below is better, since it knows of all calls. */
const sdkAttempts = 2;

/** What all scanners of one scan share: clients, and a pace for each service. */
export class ScanContext {
  readonly region: string;
  /** Of the credentials: known once {@link ScanContext.identify} has been called. */
  readonly #options: ScanContextOptions;
  readonly #settings: ScanClientSettings;
  readonly #clients = new Map<unknown, Client>();
  readonly #paces = new Map<string, AdaptivePace>();
  #identity = { account: "", partition: "aws" };

  constructor(options: ScanContextOptions) {
    const shared = clientSettings(options);
    this.#options = options;
    this.region = options.region;
    this.#settings = {
      ...shared,
      ...("endpoint" in shared ? { forcePathStyle: true } : {}),
      maxAttempts: sdkAttempts,
    };
  }

  /** The account that is scanned. */
  get account(): string {
    return this.#identity.account;
  }

  /** `aws`, `aws-cn`, ...: the second part of every ARN. */
  get partition(): string {
    return this.#identity.partition;
  }

  /**
   * Asks AWS whose credentials these are.
   *
   * @throws ReleaseError when AWS does not say
   */
  async identify(): Promise<void> {
    const { GetCallerIdentityCommand, STSClient } = await import("@aws-sdk/client-sts");
    const sts = this.client(STSClient);
    const { Account = "", Arn = "" } = await this.call("sts:GetCallerIdentity", "the credentials", (options) =>
      sts.send(new GetCallerIdentityCommand(), options),
    );
    this.#identity = { account: Account, partition: Arn.split(":")[1] || "aws" };
  }

  /** The one client of a service. */
  client<C extends Client>(Client: new (settings: ScanClientSettings) => C): C {
    const known = this.#clients.get(Client);
    if (known !== undefined) {
      return known as C;
    }
    const client = new Client(this.#settings);
    this.#clients.set(Client, client);
    return client;
  }

  /** An ARN in the scanned Region and account. */
  arn(service: string, resource: string, { isGlobal = false } = {}): string {
    return `arn:${this.partition}:${service}:${isGlobal ? "" : this.region}:${this.account}:${resource}`;
  }

  /**
   * Sends a call at the pace of its service.
   *
   * @param action as IAM calls it, `lambda:ListFunctions`
   * @param subject what it is about, for messages
   * @throws ReleaseError what AWS refused
   */
  call<T>(action: string, subject: string, send: (options: CallOptions) => Promise<T>): Promise<T> {
    const { clock, signal } = this.#options;
    const service = action.split(":")[0] ?? action;
    const pace = this.#paces.get(service) ?? new AdaptivePace({ clock, signal });
    this.#paces.set(service, pace);
    return pace.run(async () => {
      try {
        return await send({ abortSignal: signal });
      } catch (error) {
        throw translateScanError(error, { action, subject });
      }
    });
  }

  /**
   * As {@link ScanContext.call}, for a resource that may be gone by now.
   *
   * @param gone names of the errors that say so
   */
  async callFor<T>(
    action: string,
    subject: string,
    gone: readonly string[],
    send: (options: CallOptions) => Promise<T>,
  ): Promise<T | undefined> {
    try {
      return await this.call(action, subject, send);
    } catch (error) {
      const cause = error instanceof Error ? error.cause : undefined;
      if (cause instanceof Error && gone.includes(cause.name)) {
        return undefined;
      }
      throw error;
    }
  }

  /** Closes all connections. */
  destroy(): void {
    for (const client of this.#clients.values()) {
      client.destroy();
    }
  }
}

/** Tags as a record; AWS spells the members in two ways. */
export function tagRecord(
  tags: readonly { Key?: string; Value?: string; TagKey?: string; TagValue?: string }[] | undefined,
): Record<string, string> {
  return Object.fromEntries(
    (tags ?? []).map(({ Key, Value, TagKey, TagValue }) => [Key ?? TagKey ?? "", Value ?? TagValue ?? ""]),
  );
}
