type Values = Readonly<Record<string, unknown>>;

const EXPRESSIONS = [
  "ProjectionExpression",
  "KeyConditionExpression",
  "FilterExpression",
  "ConditionExpression",
  "UpdateExpression",
] as const;
/** Members of the API of before expressions, whose keys are names of attributes. */
const LEGACY_MAPS = ["AttributeUpdates", "Expected", "KeyConditions", "QueryFilter", "ScanFilter"] as const;

/** A value, a name or a placeholder of one, with the rest of its path, and the parenthesis that makes it a function. */
const TOKEN = /(:\w+|#\w+|[A-Za-z_]\w*)(?:\.#?\w+|\[\d+\])*(\s*\()?/g;
/** All of them reserved, so that no attribute is called so without a placeholder. */
const KEYWORD = /^(?:AND|OR|NOT|BETWEEN|IN|SET|REMOVE|ADD|DELETE)$/i;
/** Expressions that are kept taken apart; more than an application has. */
const MOST_KEPT = 1_000;

const kept = new Map<string, readonly string[]>();

/**
 * `dynamodb:Attributes` of a request: the top-level attributes that it names, those of its key among them.
 *
 * @param body - of an operation on one item, of a query, or of one part of a batch or transaction
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html
 */
export function attributeNames(body: Values): readonly string[] {
  const names = [...keysOf(body.Item), ...keysOf(body.Key)];
  for (const member of EXPRESSIONS) {
    const expression = body[member];
    if (typeof expression === "string") {
      const placeholders = isMap(body.ExpressionAttributeNames) ? body.ExpressionAttributeNames : {};
      for (const token of tokensOf(expression)) {
        const name = token.startsWith("#") ? placeholders[token] : token;
        if (typeof name === "string") {
          names.push(name);
        }
      }
    }
  }
  for (const member of LEGACY_MAPS) {
    names.push(...keysOf(body[member]));
  }
  if (Array.isArray(body.AttributesToGet)) {
    names.push(...body.AttributesToGet.filter((name) => typeof name === "string"));
  }
  return names;
}

/**
 * `dynamodb:Select` of a read: what it asks for, or what DynamoDB takes it to ask for when it does not say. Reads of single items
 * have it, too: otherwise a policy that demands `SPECIFIC_ATTRIBUTES` if the key exists would let them take whole items.
 */
export function selectOf(body: Values): string {
  if (typeof body.Select === "string") {
    return body.Select;
  }
  if (typeof body.ProjectionExpression === "string" || Array.isArray(body.AttributesToGet)) {
    return "SPECIFIC_ATTRIBUTES";
  }
  return typeof body.IndexName === "string" ? "ALL_PROJECTED_ATTRIBUTES" : "ALL_ATTRIBUTES";
}

/** The names and placeholders of names at the beginning of each path. */
function tokensOf(expression: string): readonly string[] {
  let tokens = kept.get(expression);
  if (tokens === undefined) {
    if (kept.size >= MOST_KEPT) {
      kept.clear();
    }
    tokens = [...expression.matchAll(TOKEN)]
      .filter(([, token = "", call]) => call === undefined || KEYWORD.test(token))
      .map(([, token = ""]) => token)
      .filter((token) => !token.startsWith(":") && !KEYWORD.test(token));
    kept.set(expression, tokens);
  }
  return tokens;
}

function keysOf(value: unknown): readonly string[] {
  return isMap(value) ? Object.keys(value) : [];
}

function isMap(value: unknown): value is Values {
  return typeof value === "object" && value !== null;
}
