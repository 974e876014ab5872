import { createHash, generateKeyPairSync, randomBytes } from "node:crypto";
import { describe, expect, it, test } from "vitest";
import { Sensitive } from "../sensitive.ts";
import { createRedactor } from "./create-redactor.ts";
import { learnEnvironment, learnSecrets } from "./learn-secrets.ts";

/** Put together here, so that no scanner of this repository takes them for real ones. */
const join = (...parts: string[]) => parts.join("");
const base62 = (length: number) => {
  const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  return Array.from(randomBytes(length), (byte) => letters[byte % letters.length]).join("");
};
const jwtPart = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");

const accessKey = join("AKIA", "IOSFODNN7EXAMPLE");
const secretKey = join("wJalrXUtnFEMI/K7MDENG", "/bPxRfiCYEXAMPLEKEY");
const sessionToken = join("IQoJb3JpZ2luX2Vj", randomBytes(240).toString("base64"));
const jwt = `${jwtPart({ alg: "HS256", typ: "JWT" })}.${jwtPart({ sub: "jane", iat: 1 })}.${base62(43)}`;
const { privateKey } = generateKeyPairSync("ec", {
  namedCurve: "P-256",
  privateKeyEncoding: { type: "pkcs8", format: "pem" },
  publicKeyEncoding: { type: "spki", format: "pem" },
});
const keyLine = privateKey.split("\n")[1] ?? "";
const github = join("ghp", "_", base62(36));
const finePat = join("github", "_pat_", base62(22), "_", base62(59));
const slack = join("xox", "b-1234567890-", base62(24));
const npm = join("npm", "_", base62(36));
const stripe = join("sk", "_live_", base62(24));
const webhook = join("https://hooks.slack.com", "/services/T0000/B0000/", base62(24));
const password = "Tr0ub4dor&3";

/** What holds a secret, and the secret that must not be in what comes out. */
const planted: readonly (readonly [kind: string, text: string, secret: string])[] = [
  ["an AWS access key", `using ${accessKey} now`, accessKey],
  ["a temporary AWS access key", `key ${accessKey.replace("AKIA", "ASIA")}`, "ASIAIOSF"],
  ["an AWS secret key by itself", `it was ${secretKey}, they say`, secretKey],
  ["an AWS secret key in a profile", `aws_secret_access_key = ${secretKey}`, secretKey],
  ["an AWS secret key in an environment", `AWS_SECRET_ACCESS_KEY=${secretKey}`, secretKey],
  ["an AWS session token", `token=${sessionToken}`, sessionToken.slice(30, 90)],
  ["an AWS session token by itself", `then ${sessionToken}`, sessionToken.slice(30, 90)],
  ["a JSON web token", `got ${jwt}.`, jwt.split(".")[2] ?? ""],
  ["a GitHub token", `remote https://x-access-token:${github}@github.com/a/b`, github],
  ["a GitHub token by itself", `${github} is yours`, github],
  ["a fine-grained GitHub token", finePat, finePat],
  ["a Slack token", `slack ${slack}`, slack],
  ["an npm token", `//registry.npmjs.org/:_authToken=${npm}`, npm],
  ["a Stripe key", `charge with ${stripe}`, stripe],
  ["a private key", `-----\n${privateKey}-----`, keyLine],
  ["a private key in JSON", JSON.stringify({ file: privateKey }), keyLine],
  ["a private key in JSON in JSON", JSON.stringify(JSON.stringify({ file: privateKey })), keyLine],
  ["a private key without an end", privateKey.slice(0, 120), keyLine.slice(0, 20)],
  ["a password after an equals sign", `host=db password=${password} user=jane`, password],
  ["a password after a colon", `password: ${password}`, password],
  ["a quoted password", `password = "${password} and more"`, password],
  ["a password in YAML", `  db-password: '${password}'`, password],
  ["a password in a message in JSON", `{"level":"info","message":"dbPassword=${password}"}`, password],
  ["a password in JSON in a log line", `INFO {"dbPassword":"${password}"} sent`, password],
  ["a password in escaped JSON", `"{\\"db_password\\":\\"${password}\\"}"`, password],
  ["a secret after a colon", "secret: tiger-and-lion", "tiger-and-lion"],
  ["a client's secret", "clientSecret=9f1c", "9f1c"],
  ["an API key", `x-api-key: ${base62(20)}`, ""],
  ["a flag", `mysql --password ${password} -h db`, password],
  ["an Authorization header", `Authorization: Basic ${Buffer.from("jane:pw").toString("base64")}`, "amFuZTpwdw"],
  ["a bearer token", `curl -H "Authorization: Bearer ${base62(32)}"`, ""],
  ["a bearer token by itself", "sent Bearer abcdefgh12345678ijkl", "abcdefgh12345678ijkl"],
  [
    "a signature of AWS",
    `Authorization: AWS4-HMAC-SHA256 Credential=${accessKey}/2026, SignedHeaders=host, Signature=abc1`,
    "abc1",
  ],
  ["a password in a URL", `postgres://jane:${password}@db.example.com:5432/items`, password],
  ["a password with an @ in a URL", "amqp://jane:p@ss@host/", "p@ss"],
  ["a webhook", `posting to ${webhook}`, webhook.slice(-24)],
  ["a Discord webhook", join("https://discord.com/api", "/webhooks/1234/abcDEF-ghi"), "abcDEF-ghi"],
  ["a presigned URL", "https://b.s3.amazonaws.com/k?X-Amz-Signature=deadbeef12&X-Amz-Expires=60", "deadbeef12"],
  ["a key in a query", "https://chat.example.com/v1/messages?key=abc123&x=1", "abc123"],
  ["something random after its name", `the secret is q8Zr2LxV9tPw4Ns7`, "q8Zr2LxV9tPw4Ns7"],
];

describe("a redactor that has learned nothing", () => {
  test.each(planted)("takes out %s", (_, text, secret) => {
    const redacted = createRedactor().text(text);
    expect(redacted).toContain("(redacted)");
    if (secret !== "") {
      expect(redacted).not.toContain(secret);
    }
    // And again changes nothing more: what was written is what is shown.
    expect(createRedactor().text(redacted)).toBe(redacted);
  });

  it("takes out none of what has no secret", () => {
    const hex = (algorithm: string) => createHash(algorithm).update(String(Math.random())).digest("hex");
    const base64 = (algorithm: string) => createHash(algorithm).update(String(Math.random())).digest("base64");
    for (let round = 0; round < 200; round += 1) {
      const commit = hex("sha1");
      const harmless = [
        `commit ${commit}`,
        `tree: ${hex("sha1")}`,
        `sha256 ${hex("sha256")}`,
        `CodeSha256 ${base64("sha256")}`,
        `"integrity": "sha512-${base64("sha512")}"`,
        `"sha256Base64":"${base64("sha256")}"`,
        `md5 ${base64("md5")} etag "${hex("md5")}"`,
        `${hex("sha512")}`,
        `s3://lambda-code-prod/api-handler/${hex("sha256")}.zip`,
        `arn:aws:lambda:us-east-1:123456789012:function:api-handler-prod:${round}`,
        "arn:aws:iam::123456789012:role/items-prod/AssumedRoleForDeployments2026",
        "arn:aws:secretsmanager:us-east-1:123456789012:secret:items/db-AbCdEf",
        "arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab",
        "version 12, 1.14.3, v22.18.0, 3.1164.0, 2026-11-28T09:15:30.500Z",
        `request ${crypto.randomUUID()}, ${crypto.randomUUID()}`,
        "packages/ReleaseEngine2/src/ledger/Canonical/JsonWriter.ts",
        "the fencing token 12, tokens: 3, token: 17",
        "SyntaxError: Unexpected token: foo",
        "password policy: at least 12 characters; secrets are redacted before they are stored",
        "no password was given, and the secret was not found",
        "token_type=Bearer, authorization: NONE, Authorization: required",
        '{"authorization":"AWS_IAM","secret":null,"password":"(sensitive value)"}',
        "https://abc123.execute-api.us-east-1.amazonaws.com/prod/items?limit=20",
        "git@github.com:acme/items.git and https://example.com:8443/path@v2",
        `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI${base62(39)} jane@example.com`,
        `-----BEGIN SSH SIGNATURE-----\n${base62(70)}\n${base62(70)}\n-----END SSH SIGNATURE-----`,
        "run-1234567890abcdef0 i-0abcd1234efgh5678 vpc-0a1b2c3d4e5f67890",
      ];
      for (const text of harmless) {
        expect(createRedactor().text(text)).toBe(text);
      }
    }
  });

  it("takes members with a secret's name out whole, however deep they are", () => {
    const value = {
      outputs: { api_url: "https://x", db_password: "x", credentials: { user: "jane", pin: "1234" } },
      environment: [
        { name: "TABLE", value: "items-prod" },
        { name: "API_TOKEN", value: "abc" },
      ],
      clientSecret: 123456,
      token: 12,
      tokens: [],
      secretArn: "arn:aws:secretsmanager:us-east-1:1:secret:x",
      nested: [{ "x-api-key": "k" }, '{"password":"deep"}'],
      nothing: null,
      flag: true,
    };
    expect(createRedactor().json(value)).toEqual({
      outputs: { api_url: "https://x", db_password: "(redacted)", credentials: "(redacted)" },
      environment: [
        { name: "TABLE", value: "items-prod" },
        { name: "API_TOKEN", value: "(redacted)" },
      ],
      clientSecret: "(redacted)",
      token: 12,
      tokens: [],
      secretArn: "arn:aws:secretsmanager:us-east-1:1:secret:x",
      nested: [{ "x-api-key": "(redacted)" }, '{"password":"(redacted)"}'],
      nothing: null,
      flag: true,
    });
  });

  it("leaves JSON in a text as it was written where it has no secret", () => {
    const text = '{ "a" : 1,\n  "b": [ true ] }';
    expect(createRedactor().text(text)).toBe(text);
  });

  it("is done with a megabyte of anything in a moment", () => {
    const redactor = createRedactor();
    for (const unit of [
      "a",
      "password",
      "eyJ",
      "token ",
      "A1b",
      "://a:",
      '\\"',
      "-----BEGIN PRIVATE KEY-----",
      "[",
      "secret=",
    ]) {
      const startedAt = performance.now();
      redactor.text(unit.repeat(1_000_000 / unit.length));
      expect(performance.now() - startedAt, unit).toBeLessThan(5_000);
    }
  });
});

describe("what a redactor has learned", () => {
  it("is taken out wherever it stands, and in whatever form", () => {
    const redactor = createRedactor();
    const secret = 'kB"7/ö two words';
    redactor.learn(secret);
    const forms = [
      secret,
      JSON.stringify({ x: secret }),
      `?x=${encodeURIComponent(secret)}&y`,
      Buffer.from(secret).toString("base64"),
      `in${secret}side`,
    ];
    for (const form of forms) {
      expect(redactor.text(form)).toContain("(redacted)");
      expect(redactor.text(form)).not.toContain("7/");
    }
    expect(redactor.json({ [`name ${secret}`]: [secret] })).toEqual({ "name (redacted)": ["(redacted)"] });
  });

  it("is taken out line by line where it has several", () => {
    const redactor = createRedactor();
    redactor.learn(`first line of twenty characters\nsecond line of twenty characters\n`);
    expect(redactor.text("> second line of twenty characters")).toBe("> (redacted)");
  });

  it("does not have what is too short or too common to be told from text", () => {
    const redactor = createRedactor();
    for (const common of ["", "  ", "prod", "12345", "true", "1234567"]) {
      redactor.learn(common);
    }
    expect(redactor.text("prod 12345 true 1234567")).toBe("prod 12345 true 1234567");
  });

  it("is also taken out where the text that quotes it was cut in it", () => {
    const redactor = createRedactor();
    redactor.learn("kX9-tiger-4Lq-lion");
    expect(redactor.text('got {"say":"kX9-tiger-4L...')).toBe('got {"say":"(redacted)...');
    expect(redactor.text("it was kX9-tig…, in `orders`")).toBe("it was (redacted)…, in `orders`");
    expect(redactor.text("kX9... and so on ...")).toBe("kX9... and so on ...");
  });

  it("takes the longer of two secrets, of which one is a part of the other", () => {
    const redactor = createRedactor();
    redactor.learn("abcdef");
    redactor.learn("abcdefghij");
    expect(redactor.text("abcdefghij")).toBe("(redacted)");
  });

  it("comes from sensitive values, whatever their shape", () => {
    const redactor = createRedactor();
    learnSecrets(redactor, new Sensitive({ list: ["first-of-them", { deep: "second-of-them" }], number: 98765432.25 }));
    expect(redactor.text("first-of-them second-of-them 98765432.25")).toBe("(redacted) (redacted) (redacted)");
  });

  it("comes from variables whose names say so, and from no others", () => {
    const redactor = createRedactor();
    learnEnvironment(redactor, {
      DB_PASSWORD: "correct-horse",
      ON_CALL_WEBHOOK_URL: "https://example.com/hooks/1a2b",
      MY_TOKEN: "short",
      TOKEN_FILE: "/run/secrets/token",
      PATH: "/usr/local/bin",
      GONE_SECRET: undefined,
      PWD: "/repositories/orders",
      DB_PWD: "/slash-and-burn",
    });
    expect(redactor.text("/repositories/orders/slipway.config.ts /slash-and-burn")).toBe(
      "/repositories/orders/slipway.config.ts (redacted)",
    );
    expect(redactor.text("correct-horse https://example.com/hooks/1a2b")).toBe("(redacted) (redacted)");
    expect(redactor.text("short /run/secrets/token /usr/local/bin")).toBe("short /run/secrets/token /usr/local/bin");
  });
});

test("what stands in a text that everybody may read is no secret, whichever is known first", () => {
  const redactor = createRedactor();
  redactor.learn("shop-orders");
  redactor.keep("shop-orders");
  redactor.keep("https://abc.execute-api.us-east-1.amazonaws.com/live");
  for (const secret of ["us-east-1", "shop-orders", "hunter2-hunter2"]) {
    redactor.learn(secret);
  }
  expect(redactor.text("shop-orders in us-east-1 says hunter2-hunter2")).toBe(
    "shop-orders in us-east-1 says (redacted)",
  );
});

describe("a secret that occurs in a text that everybody may read", () => {
  const secret = "kX9-tiger-4Lq";

  it.each([
    `https://hooks.example.com/services/${secret}`,
    `https://api.example.com/live?key=${secret}&x=1`,
    `https://shop:${secret}@example.com/`,
    `https://${secret}.example.com/`,
    `arn:aws:lambda:us-east-1:123456789012:function:${secret}`,
    `shop-${secret}-orders`,
    `to connect, say ${secret}`,
    `{"say":"${secret}"}`,
  ])("is still taken out elsewhere: %s", (text) => {
    for (const order of ["before", "after"]) {
      const redactor = createRedactor();
      if (order === "before") redactor.keep(text);
      redactor.learn(secret);
      if (order === "after") redactor.keep(text);
      expect(redactor.text(`it answered ${secret}`)).toBe("it answered (redacted)");
      expect(redactor.text(Buffer.from(secret).toString("base64"))).toBe("(redacted)");
    }
  });

  it("is also taken out of an address where addresses have secrets", () => {
    const redactor = createRedactor();
    const secret = "tiger-lion";
    redactor.learn("tiger");
    redactor.learn(secret);
    redactor.keep(`https://shop:${secret}@example.com/a`);
    redactor.keep("https://example.com/a?say=tiger-lion");
    expect(redactor.text("https://example.com/a?say=tiger-lion")).toBe("https://example.com/a?say=(redacted)");
    expect(redactor.text(`https://shop:${secret}@example.com/a`)).not.toContain("tiger");
  });

  it("leaves names and addresses whole, which the steps of a release go by", () => {
    const redactor = createRedactor();
    const name = "kX9-tiger-4Lq-orders";
    const url = "https://a1b2c3d4e5.execute-api.us-east-1.amazonaws.com/kX9-tiger-4Lq";
    for (const text of [name, url]) redactor.keep(text);
    redactor.learn(secret);
    const body = { functionName: name, url: `${url}/items`, why: `${secret} is not ${name}` };
    expect(redactor.json(body)).toEqual({ ...body, why: `(redacted) is not ${name}` });
    expect(redactor.text(`x${name}`)).toBe("x(redacted)-orders");
  });
});

test("a private key whose beginning was cut off is taken out", () => {
  const tail = privateKey.split("\n").slice(2).join("\n");
  const redacted = createRedactor().text(`exit code 1\n${tail}done`);
  expect(redacted).not.toContain(tail.split("\n")[0]);
  expect(redacted).toContain("exit code 1");
});
