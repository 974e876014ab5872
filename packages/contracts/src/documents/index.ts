export { documentJsonSchema } from "./document-json-schema.ts";
export { documentProblems } from "./document-problems.ts";
export { type DocumentName, documents } from "./documents.ts";
export { type FailureReport, failureKinds } from "./failure-report.ts";
