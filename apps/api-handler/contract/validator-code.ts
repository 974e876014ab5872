import { _, Ajv2020 } from "ajv/dist/2020.js";
import standaloneCode from "ajv/dist/standalone/index.js";
import { isDateTime } from "../src/items/is-date-time.ts";
import { itemContentSchema, itemPatchSchema } from "./schemas.ts";

const HEADER = `// Made of contract/schemas.ts by "npm run generate". Do not edit.
import { countCodePoints } from "../items/count-code-points.ts";
import { isDateTime } from "../items/is-date-time.ts";

const FORMATS = { "date-time": isDateTime };
`;

/**
 * The source of src/generated/validators.js: validators without a schema library, so that a cold start neither loads one nor compiles
 * anything.
 *
 * @see https://ajv.js.org/standalone.html
 */
export function validatorCode(): string {
  const ajv = new Ajv2020({
    allErrors: true,
    messages: false,
    allowUnionTypes: true,
    // maxLength beside other types than string: attributes can be of several.
    strictTypes: false,
    formats: { "date-time": isDateTime },
    code: { source: true, esm: true, lines: true, optimize: true, formats: _`FORMATS` },
  });
  ajv.addSchema([itemContentSchema, itemPatchSchema].map(withoutWords));
  const code = standaloneCode
    .default(ajv, { validateItemContent: "ItemContent", validateItemPatch: "ItemPatch" })
    .replace('"use strict";\n', "")
    .replaceAll(/require\("ajv\/dist\/runtime\/ucs2length"\)\.default/g, "countCodePoints");
  if (/\brequire\(/.test(code)) throw new Error("The validators need a module of Ajv's that is not replaced yet.");
  return HEADER + code;
}

/** Without descriptions and examples, which no validation reads: Ajv keeps a schema beside its code where it needs a part of it. */
function withoutWords(value: object): object {
  return JSON.parse(
    JSON.stringify(value, (key, member: unknown) =>
      (key === "description" && typeof member === "string") || key === "examples" ? undefined : member,
    ),
  );
}
