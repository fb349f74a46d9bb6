// A browser as its owner would call it, from what it says of itself (RFC 9110 section 10.1.5): enough to tell one's own
// devices apart.

const BROWSERS: [RegExp, string][] = [
  [/\bEdg(e|A|iOS)?\//, "Edge"],
  [/\bOPR\//, "Opera"],
  [/\b(Firefox|FxiOS)\//, "Firefox"],
  [/\bSamsungBrowser\//, "Samsung Internet"],
  [/\b(Chrome|CriOS)\//, "Chrome"],
  [/\bSafari\//, "Safari"],
];
const DEVICES: [RegExp, string][] = [
  [/\biPhone\b/, "iPhone"],
  [/\biPad\b/, "iPad"],
  [/\bAndroid\b/, "Android"],
  [/\bCrOS\b/, "Chromebook"],
  [/\bMac OS X\b/, "Mac"],
  [/\bWindows\b/, "Windows"],
  [/\bLinux\b/, "Linux"],
];

/** "" when it says nothing that we know. */
export function browserName(agent: string): string {
  const named = (list: [RegExp, string][]): string =>
    list.find(([sign]) => sign.test(agent))?.[1] ?? "";
  return [named(BROWSERS), named(DEVICES)].filter(Boolean).join(", ");
}
