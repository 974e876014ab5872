import { parseConfig } from "@slipway/contracts";
import { describe, expect, it } from "vitest";
import { adoptionNotes } from "./adoption-notes.ts";
import { type DetectedRepository, detectRepository } from "./detect-repository.ts";
import { proposeConfig, proposedLife } from "./propose-config.ts";

const PROXY = { parent: "root", part: "{proxy+}" };

interface Resource {
  readonly parent: string;
  readonly part: string;
}

/** A root module in Terraform's JSON syntax, with a REST API that has these resources and methods. */
function terraform(
  resources: Readonly<Record<string, Resource>>,
  methods: readonly (readonly [resource: string, method: string, more?: object])[],
  more: object = {},
): string {
  const api = { rest_api_id: `\${aws_api_gateway_rest_api.this.id}` };
  const idOf = (name: string) =>
    name === "root" ? `\${aws_api_gateway_rest_api.this.root_resource_id}` : `\${aws_api_gateway_resource.${name}.id}`;
  return JSON.stringify({
    resource: {
      aws_lambda_function: { app: { function_name: "app", publish: true } },
      aws_lambda_alias: { live: { name: "live", function_name: `\${aws_lambda_function.app.function_name}` } },
      aws_api_gateway_rest_api: { this: { name: "app" } },
      aws_api_gateway_authorizer: { token: { ...api, type: "TOKEN" }, request: { ...api, type: "REQUEST" } },
      aws_api_gateway_resource: Object.fromEntries(
        Object.entries(resources).map(([name, { parent, part }]) => [
          name,
          { ...api, parent_id: idOf(parent), path_part: part },
        ]),
      ),
      aws_api_gateway_method: Object.fromEntries(
        methods.map(([resource, http_method, its], index) => [
          `m${index}`,
          { ...api, resource_id: idOf(resource), http_method, authorization: "NONE", ...its },
        ]),
      ),
      ...more,
    },
  });
}

function detect(files: Readonly<Record<string, string>>): DetectedRepository {
  const detected = detectRepository(new Map(Object.entries(files)), {
    folder: "app",
    readYaml: (text) => JSON.parse(text.replace(/^# yaml\n/, "")),
  });
  if (!("layout" in detected)) {
    throw new Error(JSON.stringify(detected));
  }
  return detected;
}

function smokeOf(detected: DetectedRepository) {
  const result = parseConfig(proposeConfig(detected));
  if (!result.ok) {
    throw new Error(result.problems.join("\n"));
  }
  const { smoke } = result.config.environments.prod ?? {};
  return {
    ready: smoke?.ready?.path,
    steps: smoke?.steps.map(({ path, expect: { status }, through }) => [path, status, ...(through ? [through] : [])]),
  };
}

const noteOf = (detected: DetectedRepository, id: string) =>
  adoptionNotes(detected).find((each) => each.id === id)?.found;

const ANYTHING_BUT_A_FAULT = [200, 204, 301, 302, 303, 307, 308, 400, 401, 403, 404, 422];
const TREE: Readonly<Record<string, Resource>> = {
  health: { parent: "root", part: "health" },
  orders: { parent: "root", part: "orders" },
  order: { parent: "orders", part: "{orderId}" },
  me: { parent: "root", part: "me" },
  admin: { parent: "root", part: "admin" },
  search: { parent: "root", part: "search" },
  logout: { parent: "root", part: "logout" },
};

describe("a smoke test of what Terraform says", () => {
  const detected = detect({
    "infra/main.tf.json": terraform(TREE, [
      ["health", "GET"],
      ["orders", "GET"],
      ["orders", "POST"],
      ["order", "GET"],
      ["order", "DELETE"],
      ["me", "GET", { authorization: "CUSTOM", authorizer_id: `\${aws_api_gateway_authorizer.request.id}` }],
      ["admin", "GET", { authorization: "CUSTOM", authorizer_id: `\${aws_api_gateway_authorizer.token.id}` }],
      ["search", "GET", { request_parameters: { "method.request.querystring.q": true } }],
      ["logout", "GET"],
    ]),
  });

  it("asks each GET that takes nothing, and expects what can be known", () => {
    expect(smokeOf(detected)).toEqual({
      ready: "/health",
      steps: [
        ["/health", 200],
        // The gateway asks an authorizer of type TOKEN about nobody who brings none.
        ["/admin", [401, 403], "gateway"],
        ["/orders", ANYTHING_BUT_A_FAULT],
      ],
    });
  });

  it("says which it does not ask, and why", () => {
    expect(noteOf(detected, "smoke.left-out")).toBe(
      "it does not ask GET /logout (may do something, by its name), GET /me (needs a token or a key), GET /search (needs parameters)",
    );
    expect(noteOf(detected, "smoke.any-status")).toMatch(/^which answer of \/orders is right is not in the code/);
  });

  it("knows what a stranger is told only where nothing says it otherwise", () => {
    const api = { rest_api_id: `\${aws_api_gateway_rest_api.this.id}` };
    const own = {
      aws_api_gateway_gateway_response: { no: { ...api, response_type: "UNAUTHORIZED", status_code: "404" } },
    };
    const methods = [
      ["health", "GET"],
      ["admin", "GET", { authorization: "AWS_IAM" }],
    ] as const;
    expect(smokeOf(detect({ "infra/main.tf.json": terraform(TREE, methods) })).steps).toHaveLength(2);
    expect(smokeOf(detect({ "infra/main.tf.json": terraform(TREE, methods, own) })).steps).toHaveLength(1);
  });

  it("does not wait for a 200 that nobody knows of, and asks for nothing where that is all there is", () => {
    expect(smokeOf(detect({ "main.tf.json": terraform({ proxy: PROXY }, [["proxy", "ANY"]]) }))).toEqual({
      ready: undefined,
      steps: [["/slipway-nobody-has-this", ANYTHING_BUT_A_FAULT]],
    });
    expect(smokeOf(detect({ "main.tf.json": terraform(TREE, [["orders", "GET"]]) }))).toEqual({
      ready: undefined,
      steps: [["/orders", ANYTHING_BUT_A_FAULT]],
    });
  });

  it("has not so many steps that users are in the way of it", () => {
    const many = Object.fromEntries(Array.from({ length: 12 }, (_, n) => [`r${n}`, { parent: "root", part: `r${n}` }]));
    const one = detect({
      "main.tf.json": terraform(
        many,
        Object.keys(many).map((name) => [name, "GET"] as const),
      ),
    });
    expect(smokeOf(one).steps).toHaveLength(8);
    expect(noteOf(one, "smoke.left-out")).toBe(
      "it does not ask GET /r6, GET /r7, GET /r8, GET /r9 (enough to begin with)",
    );
  });
});

describe("a smoke test of what an OpenAPI document says", () => {
  const response = (...statuses: readonly string[]) => Object.fromEntries(statuses.map((each) => [each, {}]));
  const document = {
    openapi: "3.0.3",
    paths: {
      "/orders": {
        get: { responses: response("200", "500") },
        post: {
          requestBody: { content: { "application/json": { schema: { $ref: "#/components/schemas/Order" } } } },
          responses: { "201": { content: { "application/json": { schema: { $ref: "#/components/schemas/Made" } } } } },
        },
      },
      "/orders/{orderId}": {
        get: { responses: response("200", "404") },
        patch: { requestBody: {}, responses: response("200") },
        delete: { responses: response("204") },
      },
      "/old": { get: { responses: response("301", "308") } },
      "/offer": { get: { responses: response("200", "404") } },
      "/report": { get: { parameters: [{ $ref: "#/components/parameters/Day" }], responses: response("200") } },
      "/mine": { get: { security: [{ token: [] }], responses: response("200") } },
      "/cart": { get: { responses: response("200", "401") } },
      "/odd": { get: { responses: { "2XX": {}, default: {} } } },
    },
    components: {
      parameters: { Day: { name: "day", in: "query", required: true } },
      schemas: {
        Order: {
          type: "object",
          required: ["item", "count", "note"],
          properties: {
            item: { type: "string", example: "a {mug}" },
            count: { type: "integer", minimum: 2 },
            note: { type: "string" },
            more: { type: "string" },
          },
        },
        Made: { allOf: [{ properties: { orderId: {}, item: {} } }] },
      },
    },
  };
  const proxy = terraform({ proxy: PROXY }, [["proxy", "ANY"]]);
  const expected = [
    ["/odd", ANYTHING_BUT_A_FAULT],
    ["/offer", [200, 404]],
    ["/old", [301, 308]],
    ["/orders", 200],
  ];

  it.each([
    ["JSON", "docs/openapi.json", JSON.stringify(document)],
    ["YAML", "api.yaml", `# yaml\n${JSON.stringify(document)}`],
  ])("in %s asks what is behind {proxy+}, and expects what is documented", (_, file, text) => {
    const detected = detect({ "main.tf.json": proxy, [file]: text });
    const { steps, ready } = smokeOf(detected);
    expect(steps).toEqual(expected);
    expect(ready).toBe("/orders");
    expect(noteOf(detected, "smoke.left-out")).toBe(
      "it does not ask GET /cart, GET /mine (needs a token or a key), GET /report (needs parameters)",
    );
  });

  it("is not for paths that another one stands before, which only its servers say", () => {
    const below = JSON.stringify({ ...document, servers: [{ url: "https://api.example.com/v2" }] });
    expect(smokeOf(detect({ "main.tf.json": proxy, "openapi.json": below })).steps).toEqual([
      ["/slipway-nobody-has-this", ANYTHING_BUT_A_FAULT],
    ]);
  });

  it("is shown the life of a record, as it is documented", () => {
    const { steps, cleanup } =
      proposedLife(detect({ "main.tf.json": proxy, "openapi.json": JSON.stringify(document) })) ?? {};
    expect(steps?.map(({ method, path, expect: { status } }) => `${method} ${path} ${status}`)).toEqual([
      "POST /orders 201",
      "GET /orders/{orderId} 200",
      "PATCH /orders/{orderId} 200",
      "DELETE /orders/{orderId} 204",
      "GET /orders/{orderId} 404",
    ]);
    // A brace in an example is no placeholder.
    expect(steps?.[0]).toMatchObject({
      body: { item: "a mug", count: 2, note: "smoke test {runId}" },
      capture: { orderId: { json: "/orderId" } },
    });
    expect(cleanup).toMatchObject([{ method: "DELETE", path: "/orders/{orderId}" }]);
  });
});

describe("the life of a record", () => {
  const lifeOf = (methods: Parameters<typeof terraform>[1], more: object = {}, tree = TREE) =>
    proposedLife(detect({ "main.tf.json": terraform(tree, methods, more) }));

  it("is made of the routes that there are, and of the table's key", () => {
    const table = { aws_dynamodb_table: { orders: { name: "orders", hash_key: "number" } } };
    const life = lifeOf(
      [
        ["orders", "POST"],
        ["order", "GET"],
      ],
      table,
    );
    expect(life?.steps.map(({ method, path }) => `${method} ${path}`)).toEqual([
      "POST /orders",
      "GET /orders/{orderId}",
    ]);
    expect(life?.steps[0]?.capture).toEqual({ orderId: { json: "/number" } });
    expect(life?.cleanup).toEqual([]);
  });

  it("goes past the gateway where that asks for a token", () => {
    const closed = { authorization: "AWS_IAM" };
    const life = lifeOf([
      ["orders", "POST", closed],
      ["order", "GET", closed],
    ]);
    expect(life?.steps.map(({ through }) => through)).toEqual(["version", "version"]);
  });

  it("is some path below {proxy+} where nothing else is known, and nothing where no record can be found again", () => {
    expect(lifeOf([["proxy", "ANY"]], {}, { proxy: PROXY })?.steps[0]).toMatchObject({
      method: "POST",
      path: "/records",
    });
    expect(
      lifeOf([
        ["orders", "POST"],
        ["health", "GET"],
      ]),
    ).toBeUndefined();
  });
});
