import { contextVariable } from "./context-variables.ts";
import type { Exchange } from "./exchange.ts";

/** A mapping template, ready to run. */
export type Template = (exchange: Exchange) => string;

type Part = string | Template;

/** Comments, and the one assignment that AWS's console puts into every template that it makes. */
const IGNORED =
  /##[^\n]*\n?|#\*[\s\S]*?\*#|#set\s*\(\s*\$inputRoot\s*=\s*\$input\.path\(\s*['"]\$['"]\s*\)\s*\)\s*\n?/g;

/** `$name.member.member` or `${name.member}`, with an argument list where it is a call. */
const REFERENCE =
  /\$(?:\{\s*([a-zA-Z][\w.-]*)\s*\}|(!?[a-zA-Z]\w*(?:\.[a-zA-Z][\w-]*)*(?:\(\s*(?:'[^']*'|"[^"]*")?\s*\))?))/g;

/** Velocity leaves a hash before anything else as it is. */
const DIRECTIVE = /#\{?(?:set|if|elseif|else|end|foreach|break|stop|return|evaluate|define|macro|include|parse)\b\}?/;

/**
 * Compiles the small part of Velocity that mock integrations for CORS and fixed answers use: text, comments, `$context.*`,
 * `$stageVariables.*`, `$input.params('name')`, `$input.body` and `$input.json('$')`.
 *
 * @returns the template, or what in it is not supported
 */
export function compileTemplate(text: string): Template | { unsupported: string } {
  const source = text.replaceAll(IGNORED, "");
  const directive = DIRECTIVE.exec(source)?.[0];
  if (directive !== undefined) {
    return { unsupported: directive };
  }
  const parts: Part[] = [];
  let end = 0;
  for (const match of source.matchAll(REFERENCE)) {
    const expression = match[1] ?? match[2] ?? "";
    const part = reference(expression);
    if (part === undefined) {
      return { unsupported: match[0] };
    }
    parts.push(source.slice(end, match.index), part);
    end = match.index + match[0].length;
  }
  parts.push(source.slice(end));
  return (exchange) => parts.map((part) => (typeof part === "string" ? part : part(exchange))).join("");
}

function reference(expression: string): Template | undefined {
  const dot = expression.indexOf(".");
  const root = dot < 0 ? expression : expression.slice(0, dot);
  const rest = dot < 0 ? "" : expression.slice(dot + 1);
  if (root === "context" && rest !== "" && !rest.includes("(")) {
    return (exchange) => contextVariable(exchange, rest) ?? "";
  }
  if (root === "stageVariables" && rest !== "" && !rest.includes("(")) {
    return (exchange) => exchange.stage.variables?.[rest] ?? "";
  }
  if (expression === "input.body" || /^input\.json\(\s*['"]\$['"]\s*\)$/.test(expression)) {
    return (exchange) => new TextDecoder().decode(exchange.request.body) || "{}";
  }
  const parameter = /^input\.params\(\s*['"]([^'"]+)['"]\s*\)$/.exec(expression)?.[1];
  return parameter === undefined ? undefined : (exchange) => requestParameter(exchange, parameter);
}

/** A parameter of the request by name: looked for in the path, the query string and the headers, in this order. */
function requestParameter({ matched, request }: Exchange, name: string): string {
  const fromPath = matched?.pathParameters[name];
  return fromPath ?? request.query.getAll(name).at(-1) ?? request.headers[name.toLowerCase()] ?? "";
}
