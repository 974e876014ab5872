import { BlockList, isIP } from "node:net";
import { formatValue } from "../values/format-value.ts";
import type { Value } from "../values/value.ts";
import type { ScalarFunction } from "./scalar-function.ts";

type Family = 4 | 6;

/** @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-operations-functions.html */
export const ipFunctions: Readonly<Record<string, ScalarFunction>> = {
  isvalidip: validity(4, 6),
  isvalidipv4: validity(4),
  isvalidipv6: validity(6),
  isipinsubnet: membership(4, 6),
  isipv4insubnet: membership(4),
  isipv6insubnet: membership(6),
};

function validity(...families: readonly Family[]): ScalarFunction {
  return { least: 1, most: 1, evaluate: ([value]) => families.includes(isIP(textOf(value)) as Family) };
}

function membership(...families: readonly Family[]): ScalarFunction {
  const subnets = new Map<string, { list: BlockList; family: Family } | undefined>();
  const subnetOf = (text: string) => {
    if (!subnets.has(text)) {
      // Subnets are written in the query or come from few rules; a log full of others must not fill the memory.
      if (subnets.size > 1000) {
        subnets.clear();
      }
      subnets.set(text, readSubnet(text));
    }
    return subnets.get(text);
  };
  return {
    least: 2,
    most: 2,
    check: ([, subnet]) => {
      const known = typeof subnet === "string" ? subnetOf(subnet) : undefined;
      return typeof subnet !== "string" || (known !== undefined && families.includes(known.family))
        ? undefined
        : `${subnet} is not a subnet such as ${families.includes(4) ? "10.0.0.0/8" : "fd00::/8"}`;
    },
    evaluate: ([value, subnet]) => {
      const address = textOf(value);
      const known = subnetOf(textOf(subnet));
      const family = isIP(address);
      return (
        known !== undefined &&
        family === known.family &&
        families.includes(known.family) &&
        known.list.check(address, family === 4 ? "ipv4" : "ipv6")
      );
    },
  };
}

function readSubnet(text: string): { list: BlockList; family: Family } | undefined {
  const [, address = "", length = ""] = /^([^/]+)\/(\d{1,3})$/.exec(text) ?? [];
  const family = isIP(address);
  if (family === 0 || Number(length) > (family === 4 ? 32 : 128)) {
    return undefined;
  }
  const list = new BlockList();
  list.addSubnet(address, Number(length), family === 4 ? "ipv4" : "ipv6");
  return { list, family: family as Family };
}

const textOf = (value: Value): string => formatValue(value, "raw") ?? "";
