import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import {
  type OpenApiDocument,
  type Operation,
  operationsOf,
  type ResponseObject,
  templateOf,
} from "./openapi-document.ts";
import type { WireAnswer, WireRequest } from "./wire.ts";

/** What an answer may carry under any operation, although no operation describes it: HTTP's own, the browser's, the gateway's. */
const COMMON_HEADERS =
  /^(content-type|content-length|cache-control|x-content-type-options|vary|access-control-[a-z-]+|date|connection|keep-alive|x-amzn-requestid|x-amz-apigw-id|x-amzn-errortype|x-amzn-trace-id|x-amzn-remapped-[a-z-]+)$/;

const PROBLEM = "application/problem+json";

/** How a request for nothing that the contract has may be answered. */
const NOTHING_THERE: readonly number[] = [404, 405, 406];

/** Says what is wrong with an answer by the contract; nothing when it keeps it. */
export type AnswerCheck = (request: WireRequest, answer: WireAnswer) => string[];

/**
 * Holds answers against a contract: the status is one that the operation describes, and so are the media type, the headers and the
 * body's schema; a problem has a request id, its own status, and a type that is among the examples of that answer. A request for a path
 * or method that the contract does not have may be answered 404, 405 or 406, or be a browser's preflight request.
 */
export function createAnswerCheck(document: OpenApiDocument): AnswerCheck {
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  addFormats.default(ajv);
  ajv.addSchema(document, "contract");
  const validators = new Map<string, ValidateFunction>();
  const validatorOf = ($ref: string) => {
    const known = validators.get($ref) ?? ajv.compile({ $ref: `contract${$ref}` });
    validators.set($ref, known);
    return known;
  };
  const operations = operationsOf(document);
  const kindsElsewhere = ["not-found", "method-not-allowed", "not-acceptable"];
  const typePrefix = commonPrefix(
    operations.flatMap((operation) => Object.values(operation.responses).flatMap(typesOf)),
  );

  return (request, answer) => {
    const isElsewhere = NOTHING_THERE.includes(answer.status);
    // A gateway may take several slashes for one.
    const single = request.path.replaceAll(/\/{2,}/g, "/");
    const template = templateOf(document, request.path) ?? (isElsewhere ? undefined : templateOf(document, single));
    const operation = operations.find((each) => each.template === template && each.method === request.method);
    const wrong: string[] = [];
    if (answer.status >= 500) wrong.push(`the status is ${answer.status}`);
    if (operation !== undefined) {
      const described = operation.responses[answer.status];
      if (described === undefined) return [...wrong, `${operation.operationId} does not describe ${answer.status}`];
      return [...wrong, ...headersWrong(described, answer), ...bodyWrong(described, answer, operation)];
    }
    if (request.method === "OPTIONS" && template !== undefined && answer.status === 204) {
      return answer.headers.has("allow") ? wrong : [...wrong, "there is no Allow"];
    }
    if (!isElsewhere) wrong.push(`nothing is there, and it is answered ${answer.status}`);
    if (answer.status === 405 && !answer.headers.has("allow")) wrong.push("there is no Allow");
    const elsewhere: ResponseObject = { content: { [PROBLEM]: { schema: { $ref: "#/components/schemas/Problem" } } } };
    const types = kindsElsewhere.map((kind) => typePrefix + kind);
    return [...wrong, ...bodyWrong(elsewhere, answer, { method: request.method }, types)];
  };

  function headersWrong({ headers = {} }: ResponseObject, answer: WireAnswer): string[] {
    const described = new Set(Object.keys(headers).map((name) => name.toLowerCase()));
    const surplus = [...answer.headers.keys()].filter((name) => !COMMON_HEADERS.test(name) && !described.has(name));
    const optional = new Set(["idempotent-replayed"]);
    const missing = [...described].filter((name) => !answer.headers.has(name) && !optional.has(name));
    return [
      ...surplus.map((name) => `${answer.status} has a header that is not described: ${name}`),
      ...missing.map((name) => `${answer.status} lacks its header ${name}`),
    ];
  }

  function bodyWrong(
    described: ResponseObject,
    { status, headers, body }: WireAnswer,
    { method }: Pick<Operation, "method">,
    types = typesOf(described),
  ): string[] {
    const { content } = described;
    if (content === undefined) return body === "" ? [] : [`${status} has a body: ${body.slice(0, 100)}`];
    if (method === "HEAD" && body === "") return [];
    const mediaType = headers.get("content-type") ?? "";
    const schema = content[mediaType]?.schema;
    if (schema?.$ref === undefined) return [`${status} is of the type "${mediaType}"`];
    const value: unknown = parsed(body);
    const validate = validatorOf(schema.$ref);
    if (!validate(value)) {
      return [`the body of ${status} does not fit ${schema.$ref}: ${ajv.errorsText(validate.errors)}: ${body}`];
    }
    return mediaType === PROBLEM ? problemWrong(value as Problem, status, types) : [];
  }
}

interface Problem {
  type: string;
  status?: number;
  requestId: string;
}

function problemWrong(problem: Problem, status: number, types: readonly string[]): string[] {
  const wrong: string[] = [];
  if (problem.requestId === "") wrong.push("the problem has no request id");
  if (problem.status !== status) wrong.push(`the problem of ${status} says ${problem.status}`);
  if (!types.includes(problem.type)) wrong.push(`${status} is not described to have the problem ${problem.type}`);
  return wrong;
}

/** The types of problems that an answer is described to have, by its examples. */
function typesOf({ content = {} }: ResponseObject): string[] {
  return Object.values(content[PROBLEM]?.examples ?? {}).map(({ value }) => (value as Problem).type);
}

function commonPrefix(types: readonly string[]): string {
  const [first = ""] = types;
  return first.slice(0, first.lastIndexOf(":") + 1);
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
