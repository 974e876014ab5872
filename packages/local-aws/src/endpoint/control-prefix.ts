/** Where the control interface lives on the endpoint; no AWS service has a path like it. */
export const CONTROL_PREFIX = "/_slipway/";
