// What Slipway releases from this repository. Written by `slipway init`; it is yours from here on.
// Every key is explained in Slipway's CONFIGURATION.md, and checked whenever this file is loaded.
import type { SlipwayConfigInput } from "@slipway/contracts";

type Environment = SlipwayConfigInput["environments"][string];

// To do, or to look at:
// - terraform.stateKey: nothing says where states lie; production/terraform.tfstate was taken. Next: if there is one
//   already, name its key.
// - smoke: it asks GET /health, and makes no record. Next: add what shows that your API works, the life of a record: an
//   example is below the steps.
// - functions[redirect].proof: it asks for a record that nobody has, and expects 404. Next: change it if your function
//   answers something else.
// - functions[manage].proof: it asks for a record that nobody has, and expects 404. Next: change it if your function
//   answers something else.

/** What is released together, how it is built, and which Terraform outputs say where it goes. */
const functions: Environment["functions"] = [
  {
    name: "redirect",
    directory: ".",
    build: ["npm", "run", "build"],
    artifact: "dist/redirect",
    outputs: { functionName: "redirect_function", alias: "redirect_alias", artifactBucket: "code_bucket" },
    proof: {
      invocations: [
        {
          name: "it is healthy",
          payload: {
            resource: "/health",
            path: "/health",
            httpMethod: "GET",
            headers: {},
            queryStringParameters: null,
            pathParameters: null,
            requestContext: { httpMethod: "GET", resourcePath: "/health" },
            body: null,
            isBase64Encoded: false,
          },
          expect: {
            jsonSubset: { statusCode: 200 },
          },
        },
        {
          name: "what is not there is not found",
          payload: {
            resource: "/{proxy+}",
            path: "/slipway-nobody-has-this",
            httpMethod: "GET",
            headers: {},
            queryStringParameters: null,
            pathParameters: { proxy: "slipway-nobody-has-this" },
            requestContext: { httpMethod: "GET", resourcePath: "/{proxy+}" },
            body: null,
            isBase64Encoded: false,
          },
          expect: {
            jsonSubset: { statusCode: 404 },
          },
        },
      ],
    },
  },
  {
    name: "manage",
    directory: ".",
    build: ["npm", "run", "build"],
    artifact: "dist/manage",
    outputs: { functionName: "manage_function", alias: "manage_alias", artifactBucket: "code_bucket" },
    proof: {
      invocations: [
        {
          name: "what is not there is not found",
          payload: {
            resource: "/links/{proxy+}",
            path: "/links/slipway-nobody-has-this",
            httpMethod: "GET",
            headers: {},
            queryStringParameters: null,
            pathParameters: { proxy: "slipway-nobody-has-this" },
            requestContext: { httpMethod: "GET", resourcePath: "/links/{proxy+}" },
            body: null,
            isBase64Encoded: false,
          },
          expect: {
            jsonSubset: { statusCode: 404 },
          },
        },
      ],
    },
  },
];

/** Where the API answers, and its resources. */
const api: Environment["api"] = { urlOutput: "url", resources: ["/health", "/links", "/links/{proxy+}", "/{proxy+}"] };

/** What shows from outside that a release works. These steps are also asked while two versions are compared. */
const smoke: Environment["smoke"] = {
  ready: { path: "/health", withinSeconds: 60 },
  steps: [
    {
      name: "the API is healthy",
      method: "GET",
      path: "/health",
      expect: { status: 200, withinMs: 5000 },
    },
    // More than that shows the life of a record. For your routes it could be this. Put in a body that your API takes, the
    // statuses that it answers with, and where its answer has the new record's key; take out what it does not do.
    // {
    //   name: "a record is made",
    //   method: "POST",
    //   path: "/links",
    //   body: { name: "smoke test {runId}" },
    //   expect: { status: [200, 201] },
    //   capture: {
    //     id: { json: "/slug" },
    //   },
    // },
    // {
    //   name: "it can be read",
    //   method: "GET",
    //   path: "/links/{id}",
    //   expect: { status: 200 },
    // },
    // {
    //   name: "it is changed",
    //   method: "PUT",
    //   path: "/links/{id}",
    //   body: { name: "smoke test {runId}" },
    //   expect: { status: [200, 204] },
    // },
    // {
    //   name: "it is deleted",
    //   method: "DELETE",
    //   path: "/links/{id}",
    //   expect: { status: [200, 204] },
    // },
    // {
    //   name: "and is gone",
    //   method: "GET",
    //   path: "/links/{id}",
    //   expect: { status: 404 },
    // },
  ],
  // Goes with it:
  // cleanup: [
  //   {
  //     name: "the record is gone, whatever happened before",
  //     method: "DELETE",
  //     path: "/links/{id}",
  //     expect: { status: [200, 204, 404] },
  //   },
  // ],
};

/** Tables whose records are migrated, backed up, and whose bad writes can be taken back. */
const data: Environment["data"] = {
  tables: [{ name: "links", output: "links_table", migrations: "data/migrations/links" }],
};

export default {
  project: "short-links",
  region: "eu-west-1",
  // Everything that Terraform reads, modules too: a rehearsal works on a copy of it.
  infrastructure: "deploy",
  // What has to be there before the first release: a bucket for states, and the table of the ledger.
  bootstrap: {
    directory: "deploy/account",
    outputs: { stateBucket: "states", ledgerTable: "releases" },
    state: { bucket: "short-links-states" },
    ledger: { table: "short-links-releases" },
  },
  // From what is thrown away to what must not fail.
  environments: {
    staging: {
      terraform: {
        directory: "deploy/service",
        stateKey: "staging/terraform.tfstate",
        variableFiles: ["deploy/service/staging.tfvars"],
      },
      protected: true,
      functions,
      api,
      smoke,
      data,
    },
    production: {
      terraform: {
        directory: "deploy/service",
        stateKey: "production/terraform.tfstate",
        variableFiles: ["deploy/service/production.tfvars"],
      },
      protected: true,
      functions,
      api,
      smoke,
      data,
    },
  },
} satisfies SlipwayConfigInput;
