import { type BinaryOperator, type Expression, ExpressionError } from "./expression.ts";

interface Token {
  readonly kind: "number" | "text" | "word" | "symbol" | "end";
  readonly text: string;
  readonly at: number;
}

const TOKEN =
  /\s*(?:(?<number>(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)|(?<word>[A-Za-z_]\w*)|(?<text>"[^"]*"|'[^']*')|(?<symbol>==|!=|<=|>=|&&|\|\||[-+*/^<>()[\],=]))/iy;

/** Operators by how strongly they bind, weakest first. */
const LEVELS: readonly (readonly BinaryOperator[])[] = [
  ["||"],
  ["&&"],
  ["==", "!="],
  ["<", "<=", ">", ">="],
  ["+", "-"],
  ["*", "/"],
];
/** Parentheses, arrays and calls within each other; of more, reading and evaluating them would overflow the stack. */
const MAX_NESTING = 100;
/** How words spell operators. */
const SPELLINGS: Readonly<Record<string, BinaryOperator>> = { AND: "&&", OR: "||" };

/**
 * Parses an expression of metric math.
 *
 * @throws ExpressionError with the position of what it does not understand
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html#metric-math-syntax
 */
export function parseExpression(source: string): Expression {
  const tokens = tokenize(source);
  let index = 0;
  let nesting = 0;
  const peek = (): Token => tokens[index] as Token;
  const next = (): Token => tokens[index++] as Token;
  const take = (symbol: string): boolean => {
    const found = peek().kind === "symbol" && peek().text === symbol;
    index += found ? 1 : 0;
    return found;
  };
  const expect = (symbol: string): void => {
    if (!take(symbol)) {
      throw unexpected(peek(), `'${symbol}'`);
    }
  };
  const operatorAt = (level: readonly BinaryOperator[]): BinaryOperator | undefined => {
    const { kind, text } = peek();
    const spelled = kind === "word" ? SPELLINGS[text] : kind === "symbol" ? text : undefined;
    return level.find((operator) => operator === spelled);
  };

  function parseLevel(depth: number): Expression {
    const level = LEVELS[depth];
    if (level === undefined) {
      return parseUnary();
    }
    let left = parseLevel(depth + 1);
    for (let operator = operatorAt(level); operator !== undefined; operator = operatorAt(level)) {
      next();
      left = { kind: "binary", operator, left, right: parseLevel(depth + 1) };
    }
    return left;
  }

  function parseUnary(): Expression {
    if (take("-")) {
      return { kind: "negate", operand: parseUnary() };
    }
    return take("+") ? parseUnary() : parsePower();
  }

  function parsePower(): Expression {
    const left = parsePrimary();
    return take("^") ? { kind: "binary", operator: "^", left, right: parseUnary() } : left;
  }

  function parsePrimary(): Expression {
    const token = next();
    switch (token.kind) {
      case "number":
        return { kind: "number", value: Number(token.text) };
      case "text":
        return { kind: "text", value: token.text.slice(1, -1) };
      case "word":
        return take("(")
          ? { kind: "call", name: token.text, args: parseItems(")") }
          : { kind: "reference", id: token.text };
      case "symbol":
        if (token.text === "(") {
          const inner = nested(() => parseLevel(0));
          expect(")");
          return inner;
        }
        if (token.text === "[") {
          return { kind: "list", items: parseItems("]") };
        }
    }
    throw unexpected(token, "a value");
  }

  function parseItems(close: string): Expression[] {
    const items: Expression[] = [];
    if (take(close)) {
      return items;
    }
    do {
      items.push(nested(() => parseLevel(0)));
    } while (take(","));
    expect(close);
    return items;
  }

  function nested(parse: () => Expression): Expression {
    if (++nesting > MAX_NESTING) {
      throw new ExpressionError(`More than ${MAX_NESTING} levels of parentheses at position ${peek().at}`);
    }
    const inner = parse();
    nesting--;
    return inner;
  }

  const expression = parseLevel(0);
  if (peek().kind !== "end") {
    throw unexpected(peek(), "the end");
  }
  return expression;
}

function tokenize(source: string): Token[] {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  for (;;) {
    const at = TOKEN.lastIndex;
    if (source.slice(at).trim() === "") {
      tokens.push({ kind: "end", text: "", at });
      return tokens;
    }
    const groups = TOKEN.exec(source)?.groups;
    const [kind, text] = Object.entries(groups ?? {}).find(([, value]) => value !== undefined) ?? [];
    if (kind === undefined || text === undefined) {
      throw new ExpressionError(`Unexpected character '${source.slice(at).trim()[0]}' at position ${at}`);
    }
    tokens.push({ kind: kind as Token["kind"], text, at });
  }
}

function unexpected(token: Token, wanted: string): ExpressionError {
  const found = token.kind === "end" ? "the end" : `'${token.text}'`;
  return new ExpressionError(`Unexpected ${found} at position ${token.at}, expected ${wanted}`);
}

/** Every id that an expression refers to, and every function that it calls. */
export function partsOf(expression: Expression): { ids: Set<string>; functions: Set<string> } {
  const ids = new Set<string>();
  const functions = new Set<string>();
  const visit = (node: Expression): void => {
    switch (node.kind) {
      case "reference":
        ids.add(node.id);
        break;
      case "call":
        functions.add(node.name);
        node.args.forEach(visit);
        break;
      case "list":
        node.items.forEach(visit);
        break;
      case "negate":
        visit(node.operand);
        break;
      case "binary":
        visit(node.left);
        visit(node.right);
        break;
    }
  };
  visit(expression);
  return { ids, functions };
}
