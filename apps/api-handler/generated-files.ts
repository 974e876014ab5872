import { gatewayDefinition } from "./contract/gateway-definition.ts";
import { openApiDocument } from "./contract/openapi-document.ts";
import { validatorCode } from "./contract/validator-code.ts";

/** A file that is made of the contract's sources. */
export interface GeneratedFile {
  /** Below the repository's root. */
  file: string;
  content: string;
}

/** Everything that is made of the contract: it is committed, and a test holds it against this. */
export function generatedFiles(): GeneratedFile[] {
  return [
    { file: "apps/api-handler/src/generated/validators.js", content: validatorCode() },
    { file: "docs/api/openapi.json", content: toJson(openApiDocument()) },
    { file: "infrastructure/modules/items_service/openapi.json", content: toJson(gatewayDefinition()) },
  ];
}

function toJson(document: object): string {
  return `${JSON.stringify(document, undefined, 2)}\n`;
}
