import type { ArtifactObject, ArtifactStore } from "../ports/artifact-store.ts";
import type {
  AliasMove,
  AliasState,
  CodeChange,
  FunctionDeployer,
  FunctionReader,
  FunctionState,
} from "../ports/functions.ts";
import { type FailureKind, ReleaseError } from "../release-error.ts";

type Method = keyof FunctionReader | keyof FunctionDeployer | "putOnce";

/** One function with versions and an alias, by Lambda's rules, and a bucket. */
export class FakeLambda implements FunctionReader, FunctionDeployer, ArtifactStore {
  latest: FunctionState = {
    version: "$LATEST",
    codeSha256: "placeholder",
    revisionId: "r1",
    state: "Active",
    lastUpdateStatus: "Successful",
    configurationDigest: "configuration 1",
    role: "arn:aws:iam::000000000000:role/app-prod-execution",
    logGroup: "/aws/lambda/app-prod",
  };
  versions: FunctionState[] = [{ ...this.latest, version: "1" }];
  alias: AliasState = { version: "1", revisionId: "a1", weights: {} };
  objects = new Map<string, string>();
  /** Every call that changed something. */
  changes: string[] = [];
  /** How many looks an update or the start of a version takes to end. */
  slowness = 0;
  /** How an update ends. */
  updateEnds: FunctionState["lastUpdateStatus"] = "Successful";
  /** Runs before (`refuse`) or after (`lose`) the next call of a method. */
  faults = new Map<Method, () => void>();
  #pending = 0;
  #revision = 1;

  async readFunction(_functionName: string, version?: string): Promise<FunctionState> {
    this.#fault("readFunction");
    if (version === undefined || version === "$LATEST") {
      if (this.latest.lastUpdateStatus === "InProgress") {
        this.#pending -= 1;
        if (this.#pending < 0) {
          this.latest = {
            ...this.latest,
            lastUpdateStatus: this.updateEnds,
            revisionId: this.#next(),
            reason: "no key",
          };
        }
      }
      return this.latest;
    }
    const found = this.versions.find((each) => each.version === version);
    if (found === undefined) {
      throw failure("not-found");
    }
    if (found.state === "Pending") {
      this.#pending -= 1;
      found.state = this.#pending < 0 ? "Active" : "Pending";
    }
    return { ...found };
  }

  async readAlias(): Promise<AliasState> {
    return this.alias;
  }

  async putOnce({ bucket, key, sha256Base64 }: ArtifactObject): Promise<"stored" | "was-there"> {
    const name = `${bucket}/${key}`;
    if (this.objects.has(name)) {
      return "was-there";
    }
    this.objects.set(name, sha256Base64);
    this.changes.push("put");
    return "stored";
  }

  async updateCode({ bucket, key, revisionId }: CodeChange): Promise<FunctionState> {
    if (this.latest.lastUpdateStatus === "InProgress") throw failure("busy");
    if (revisionId !== this.latest.revisionId) throw failure("conflict");
    const codeSha256 = this.objects.get(`${bucket}/${key}`) ?? "missing";
    this.changes.push("update");
    this.latest = { ...this.latest, codeSha256, lastUpdateStatus: "InProgress", revisionId: this.#next() };
    this.#pending = this.slowness;
    this.#fault("updateCode");
    return this.latest;
  }

  async publishVersion({ codeSha256 }: { codeSha256: string }): Promise<FunctionState> {
    if (codeSha256 !== this.latest.codeSha256) throw failure("conflict");
    const newest = this.versions.at(-1);
    if (newest?.codeSha256 === codeSha256 && newest.configurationDigest === this.latest.configurationDigest) {
      return newest;
    }
    const version: FunctionState = { ...this.latest, version: String(this.versions.length + 1), state: "Pending" };
    this.changes.push(`publish ${version.version}`);
    this.versions.push(version);
    this.#pending = this.slowness;
    this.#fault("publishVersion");
    return { ...version };
  }

  async moveAlias({ version, weights = {}, revisionId }: AliasMove): Promise<AliasState> {
    if (revisionId !== this.alias.revisionId) throw failure("conflict");
    const shares = Object.entries(weights).map(([other, share]) => ` (${other}: ${share})`);
    this.changes.push(`alias ${version}${shares.join("")}`);
    this.alias = { version, revisionId: this.#next(), weights };
    this.#fault("moveAlias");
    return this.alias;
  }

  /** What an apply does that changes the configuration: Terraform publishes it. */
  configure(configurationDigest: string): void {
    this.latest = { ...this.latest, configurationDigest, revisionId: this.#next() };
    this.versions.push({ ...this.latest, version: String(this.versions.length + 1) });
  }

  #next(): string {
    this.#revision += 1;
    return `r${this.#revision}`;
  }

  #fault(method: Method): void {
    const fault = this.faults.get(method);
    this.faults.delete(method);
    fault?.();
  }
}

export function failure(kind: FailureKind): ReleaseError {
  return new ReleaseError({ kind, what: `fake ${kind}`, why: "the test wants it", next: "nothing" });
}
