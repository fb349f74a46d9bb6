// Where somebody wanted to go before logging in. Only ever a page of ours.

/** A path on this host: "//elsewhere" and "/\elsewhere" are read by browsers as another one, and so is "/<tab>/elsewhere",
 * since they take tabs and line ends out before they look (URL standard section 4.4). */
export function isOurs(path: string | undefined): path is string {
  return path !== undefined && /^\/(?![/\\])[\x21-\x5b\x5d-\x7e]*$/.test(path);
}

/** The log-in page that leads back to this request's page, if it can be asked for again. */
export function logInPath(method: string, path: string): string {
  return method === "GET" && path !== "/" ? `/log-in?to=${encodeURIComponent(path)}` : "/log-in";
}
