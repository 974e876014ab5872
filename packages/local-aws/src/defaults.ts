/** Where local AWS listens, and what it plays, unless told otherwise. */
export const DEFAULT_PORT = 4566;
export const DEFAULT_REGION = "us-east-1";
export const DEFAULT_ACCOUNT_ID = "000000000000";
