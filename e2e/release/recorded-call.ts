import type { IncomingHttpHeaders } from "node:http";

/** A call to AWS, as it went over the wire. */
export interface RecordedCall {
  /** From 1, in the order in which they came. */
  readonly number: number;
  /** How often the same {@link name} was called until now, this one included. */
  readonly occurrence: number;
  /** Service and operation, with what it is about where the path says so: `dynamodb:TransactWriteItems`, `lambda:PUT /functions/shop-orders/code`. */
  readonly name: string;
  /** As the signature names it: `dynamodb`, `lambda`, `monitoring`. Empty for requests to the control interface and to the API. */
  readonly service: string;
  readonly protocol: "json" | "query" | "cbor" | "rest-json" | "rest-xml" | "none";
  /** Whether it may have changed something: anything but a read. */
  readonly changes: boolean;
  /** Whether Terraform made it, and not Slipway itself. */
  readonly byTerraform: boolean;
  /** It writes to the ledger: an entry with the head, or the head alone, as a sign of life. */
  readonly writesLedger: boolean;
  /** It adds an entry to the ledger. */
  readonly addsEntry: boolean;
  /** Milliseconds of this machine's clock at which it came. */
  readonly at: number;
  /** Of the answer; undefined while there is none. */
  status?: number;
  /** What was done to it on purpose. */
  struck?: string;
}

/** A request, as far as it tells what it is. */
export interface CallRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

type Recognized = Omit<RecordedCall, "number" | "occurrence" | "at">;

const READS = /^(Get|List|Describe|Query|Scan|BatchGet|Head|Filter|StartQuery|StopQuery|AssumeRole|Simulate)/;

/** Tells which call a request is from its own marks: signature, target, form or path. */
export function recognizeCall({ method, url, headers, body }: CallRequest): Recognized {
  const [path = "/", query = ""] = url.split("?");
  const service = /Credential=[^/]+\/\d+\/[^/]+\/([^/]+)\//.exec(headers.authorization ?? "")?.[1] ?? "";
  const byTerraform = /Terraform|APN\/1.0 HashiCorp/i.test(headers["user-agent"] ?? "");
  const rpc = rpcCall(path, headers, body);
  if (service === "" && rpc === undefined) {
    const changes = path.startsWith("/_slipway/") && method !== "GET";
    const name = `${method} ${path.replace(/\/restapis\/[^/]+\//, "/restapis/*/").replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, "*")}`;
    return { name, service, protocol: "none", changes, byTerraform, writesLedger: false, addsEntry: false };
  }
  if (rpc !== undefined) {
    const { operation, protocol } = rpc;
    const name = `${service || "sts"}:${operation}`;
    const writesLedger = operation === "TransactWriteItems";
    return {
      ...{ name, service: service || "sts", protocol, changes: !READS.test(operation), byTerraform, writesLedger },
      addsEntry: writesLedger && body.includes('"entry":{"S":'),
    };
  }
  const what = `${method} ${stable(path)}${service === "s3" ? subresource(query) : ""}`;
  return {
    ...{ name: `${service}:${what}`, service, protocol: service === "s3" ? "rest-xml" : "rest-json" },
    // Lambda's Invoke changes nothing of what is released.
    changes: method !== "GET" && method !== "HEAD" && !path.endsWith("/invocations"),
    ...{ byTerraform, writesLedger: false, addsEntry: false },
  };
}

function rpcCall(
  path: string,
  headers: IncomingHttpHeaders,
  body: Buffer,
): { operation: string; protocol: RecordedCall["protocol"] } | undefined {
  const target = headers["x-amz-target"];
  if (typeof target === "string") {
    return { operation: target.slice(target.lastIndexOf(".") + 1), protocol: "json" };
  }
  if (headers["smithy-protocol"] === "rpc-v2-cbor") {
    return { operation: path.slice(path.lastIndexOf("/") + 1), protocol: "cbor" };
  }
  if (headers["content-type"]?.startsWith("application/x-www-form-urlencoded")) {
    return { operation: new URLSearchParams(body.toString("utf8")).get("Action") ?? "", protocol: "query" };
  }
  return undefined;
}

/** Identifiers that differ from run to run, and dates of APIs, are no part of a call's name. */
function stable(path: string): string {
  return decodeURIComponent(path)
    .replace(/^\/\d{4}-\d{2}-\d{2}\//, "/")
    .replace(/\/restapis\/[a-z0-9]{10}/, "/restapis/*")
    .replace(/\/deployments\/[a-z0-9]{6,10}/, "/deployments/*")
    .replace(/[0-9a-f]{64}/g, "*");
}

/** `?policy`, `?versioning`: S3's operations that the path does not tell. */
function subresource(query: string): string {
  const [first = ""] = query.split("&").filter((part) => !/^x-id=|^(prefix|delimiter|max-keys|list-type)=/.test(part));
  return first === "" ? "" : `?${first.replace(/=.*$/, "")}`;
}
