// Where somebody wanted to go before logging in. Only ever a page of ours.

/** A path on this host: "//elsewhere" and "/\elsewhere" are read by browsers as another one, and so are paths with
 * control characters in them, which the URL standard takes out (URL section 4.4). */
export function isOurs(path: string | undefined): path is string {
  // oxlint-disable-next-line no-control-regex
  return path !== undefined && /^\/(?![/\\])[^\\\u0000-\u001f\u007f]*$/.test(path);
}

/** The log-in page that leads back to this request's page, if it can be asked for again. */
export function logInPath(method: string, path: string): string {
  return method === "GET" && path !== "/" ? `/log-in?to=${encodeURIComponent(path)}` : "/log-in";
}
