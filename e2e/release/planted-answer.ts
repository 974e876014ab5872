import type { RecordedCall } from "./recorded-call.ts";

/** An answer that a service never gave. */
export interface PlantedAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** What each service calls too many requests. */
const THROTTLES: Readonly<Record<string, readonly [code: string, status: number]>> = {
  s3: ["SlowDown", 503],
  dynamodb: ["ThrottlingException", 400],
  lambda: ["TooManyRequestsException", 429],
  apigateway: ["TooManyRequestsException", 429],
  iam: ["Throttling", 400],
  sts: ["Throttling", 400],
  monitoring: ["Throttling", 400],
};

const FAILURES: Readonly<Record<string, string>> = {
  s3: "InternalError",
  lambda: "ServiceException",
  dynamodb: "InternalServerError",
};

/** The answer of a service that is asked too much, or that fails, in the protocol of the call. */
export function plantedAnswer(kind: "throttle" | "error", { service, protocol }: RecordedCall): PlantedAnswer {
  const [code, status] =
    kind === "throttle"
      ? (THROTTLES[service] ?? ["ThrottlingException", 400])
      : [FAILURES[service] ?? "InternalFailure", 500];
  const message = kind === "throttle" ? "Rate exceeded (planted)" : "We encountered an internal error (planted)";
  return { status, ...written(protocol, code, message) };
}

function written(protocol: RecordedCall["protocol"], code: string, message: string): Omit<PlantedAnswer, "status"> {
  switch (protocol) {
    case "json":
    case "rest-json":
    case "none":
      return {
        headers: { "content-type": "application/json", "x-amzn-errortype": code },
        body: Buffer.from(JSON.stringify({ __type: code, message })),
      };
    case "query": {
      const error = `<Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error>`;
      return xml(`<ErrorResponse>${error}<RequestId>planted</RequestId></ErrorResponse>`);
    }
    case "rest-xml":
      return xml(`<Error><Code>${code}</Code><Message>${message}</Message><RequestId>planted</RequestId></Error>`);
    case "cbor":
      return {
        headers: { "content-type": "application/cbor", "smithy-protocol": "rpc-v2-cbor" },
        body: Buffer.concat([
          Buffer.from([0xa2]),
          ...["__type", code, "message", message].map((text) => Buffer.concat([cborHead(text), Buffer.from(text)])),
        ]),
      };
  }
}

function xml(text: string): Omit<PlantedAnswer, "status"> {
  return {
    headers: { "content-type": "text/xml" },
    body: Buffer.from(`<?xml version="1.0" encoding="UTF-8"?>${text}`),
  };
}

/** Of a text of less than 256 bytes. https://www.rfc-editor.org/rfc/rfc8949 */
function cborHead(text: string): Buffer {
  const { length } = Buffer.from(text);
  return length < 24 ? Buffer.from([0x60 | length]) : Buffer.from([0x78, length]);
}
