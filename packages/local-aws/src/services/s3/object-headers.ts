import type { StorageClass } from "@aws-sdk/client-s3";
import { AwsError } from "../../core/aws-error.ts";
import type { ObjectHeaders } from "./object-version.ts";

/** Longest user metadata, in bytes of all names and values. */
const LARGEST_METADATA = 2048;
const STORAGE_CLASSES = [
  "STANDARD",
  "REDUCED_REDUNDANCY",
  "STANDARD_IA",
  "ONEZONE_IA",
  "INTELLIGENT_TIERING",
  "GLACIER",
  "DEEP_ARCHIVE",
  "GLACIER_IR",
] as const satisfies readonly StorageClass[];

/** Members of writing requests that become an object's headers. */
interface HeaderInput {
  readonly ContentType?: string | undefined;
  readonly CacheControl?: string | undefined;
  readonly ContentDisposition?: string | undefined;
  readonly ContentEncoding?: string | undefined;
  readonly ContentLanguage?: string | undefined;
  readonly Expires?: Date | undefined;
  readonly WebsiteRedirectLocation?: string | undefined;
}

/** The headers to keep with an object. `aws-chunked` is a coding of the upload, not of the object, and is dropped. */
export function objectHeaders(input: HeaderInput): ObjectHeaders {
  const encoding = input.ContentEncoding?.split(",")
    .map((coding) => coding.trim())
    .filter((coding) => coding !== "" && coding !== "aws-chunked")
    .join(",");
  const redirect = input.WebsiteRedirectLocation;
  if (redirect !== undefined && !/^(\/|https?:\/\/)/.test(redirect)) {
    throw new AwsError(
      "InvalidRedirectLocation",
      "The website redirect location must have a prefix of 'http://' or 'https://' or '/'.",
      { status: 400 },
    );
  }
  return {
    ContentType: input.ContentType ?? "binary/octet-stream",
    ...present({
      CacheControl: input.CacheControl,
      ContentDisposition: input.ContentDisposition,
      ContentEncoding: encoding === "" ? undefined : encoding,
      ContentLanguage: input.ContentLanguage,
      Expires: input.Expires,
      WebsiteRedirectLocation: redirect,
    }),
  };
}

/**
 * Checks user metadata.
 *
 * @throws AwsError `MetadataTooLarge`
 */
export function objectMetadata(metadata: Readonly<Record<string, string>> | undefined): Record<string, string> {
  const entries = Object.entries(metadata ?? {});
  const size = entries.reduce((sum, [name, value]) => sum + Buffer.byteLength(name) + Buffer.byteLength(value), 0);
  if (size > LARGEST_METADATA) {
    throw new AwsError("MetadataTooLarge", "Your metadata headers exceed the maximum allowed metadata size", {
      status: 400,
      fields: { Size: size, MaxSizeAllowed: LARGEST_METADATA },
    });
  }
  return Object.fromEntries(entries.map(([name, value]) => [name.toLowerCase(), value]));
}

/**
 * Checks a storage class.
 *
 * @throws AwsError `InvalidStorageClass`
 */
export function storageClassOf(name: string | undefined): StorageClass {
  const known = STORAGE_CLASSES.find((one) => one === (name ?? "STANDARD"));
  if (known === undefined) {
    throw new AwsError("InvalidStorageClass", "The storage class you specified is not valid", {
      status: 400,
      fields: { StorageClassRequested: name },
    });
  }
  return known;
}

/** S3 leaves `x-amz-storage-class` out of answers about STANDARD objects. */
export function shownStorageClass(storageClass: StorageClass): StorageClass | undefined {
  return storageClass === "STANDARD" ? undefined : storageClass;
}

function present<T extends object>(values: T): { [K in keyof T]?: NonNullable<T[K]> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: NonNullable<T[K]>;
  };
}
