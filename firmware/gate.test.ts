// Each thing that Espruino 2v29 cannot run, or runs otherwise than Node, is found in a bundle; what it runs well is not
// complained about. The interpreter itself is asked the same questions in sim/espruino.

import { describe, expect, test } from "vitest";
import { gate } from "./gate.ts";

const REFUSED: [what: string, code: string][] = [
  ["label", "a: for (;;) break a;"],
  ["spread", "f(...x)"],
  ["rest parameter", "function f(...x) {}"],
  ["destructuring", "var { a } = b"],
  ["destructuring", "for (var [a] of b) c(a)"],
  ["default value", "function f(a = 1) {}"],
  ["?.", "a?.b"],
  ["**", "a = b ** c"],
  ["**=", "a **= 2"],
  ["??=", "a ??= 2"],
  ["async function", "f(async () => 1)"],
  ["await", "async function f() { await g }"],
  ["generator", "function* f() { yield 1 }"],
  ["tagged template", "f`x`"],
  ["new.target", "function F() { return new.target }"],
  ["class field", "class A { x = 1 }"],
  ["static block", "class A { static { f() } }"],
  ["#private name", "class A { #x() {} }"],
  ["named class expression", "var A = class B {}"],
  ["extends Error", "class A extends Error {}"],
  ["default before a case", "switch (a) { default: f(); case 1: g() }"],
  ["computed key", "a = { [b]: 1 }"],
  ["text at the start of a statement behind a block", 'if (a) { f() }"b" === c && g()'],
  ["assignment to length", "a.length = 0"],
  ["closure over for (let i", "for (let i = 0; i < 3; i++) f(() => i)"],
  ["closure over for (let i", "for (let i = 0; i < 3; i++) { f(function () { g(() => i) }) }"],
  ["function used before its declaration: f", "f(); function f() {}"],
  ["function used before its declaration: f", "(function () { var a = [f]; function f() {} })()"],
  [
    "variable used before its declaration: a",
    "function f() { return { x: (a = g(), a.y) }; var a }",
  ],
  ["variable used before its declaration: a", "(function () { a = 1; if (b) { var a } })()"],
  ["no Map", "new Map()"],
  ["no Symbol", "a[Symbol.iterator]"],
  ["no Proxy", "typeof Proxy"],
  ["no globalThis", "globalThis.a"],
  ["no Array.from", "Array.from(a)"],
  ["no Number.isInteger", "Number.isInteger(a)"],
  ["no Math.trunc", "Math.trunc(a)"],
  ["no method flat", "a.flat()"],
  ["no method at", "a.b.at(-1)"],
  ["bigint", "1n"],
  ["regular expression", "/(a|b)/.test(c)"],
  ["regular expression", "/(ab)?$/.exec(c)"],
  ["regular expression", "/a{2}/.test(c)"],
  ["regular expression", "/a+?/.test(c)"],
  ["number that is not parsed exactly", "a = 9.5367431640625e-7"],
  ["number that is not parsed exactly", "a = 1e300"],
  ["character above U+00FF", "a = '\\u20ac'"],
  ["character above U+00FF", "a = `\\u20ac${b}`"],
  ["character outside ASCII", "a = '\u00e9'"],
  ["not JavaScript", "a b"],
];

const ACCEPTED: string[] = [
  "let a = 1; const b = () => a; class C { constructor() { this.x = 1 } get y() { return this.x } static z() {} }",
  "class D extends C { constructor() { super() } }",
  "for (const x of [1, 2]) f(() => x)",
  "for (let i = 0; i < 3; i++) f(i)",
  "for (let i = 0; i < 3; i++) f(i => i)",
  "for (let i = 0; i < 3; i++) f(function () { var i = 1; return i })",
  "for (let i = 0; i < 3; i++) f({ i: 1 }, a.i)",
  "function f() {} f()",
  "function f(a) { b(a); var a }",
  "function f() { var a = 1; g(() => { var a = 2; return a }); return h.a }",
  "function f() { g(function () { return a }); var a = 1 }",
  "function g() { return h() } function h() {} g()",
  "var o = { a, b() {}, 'c': `x${a}y`, 1: 2 }; o.length; o.Map; ({ Map: 1 })",
  "try { f() } catch (e) { g(e.message) } finally { h() }",
  "switch (a) { case 1: f(); break; default: g() }",
  "a ?? b; a == null; 0x10; 1e3; .5; 2600; 4294967296; a = '\\xe9'",
  "/[^0-9a-fA-F]+/.test(a)",
  "a.b.at = 1; a.at",
];

describe("refused", () => {
  test.each(REFUSED)("%s in %s", (what, code) => {
    expect(gate(code).map((one) => one.replace(/^[0-9:]* /, ""))).toEqual(
      expect.arrayContaining([expect.stringContaining(what)]),
    );
  });
});

test.each(ACCEPTED)("accepted: %s", (code) => expect(gate(code)).toEqual([]));

test("says where", () => expect(gate("f();\n  new Map()")).toEqual(["2:6 no Map"]));
