// Parses the finished bundle and names everything that Espruino 2v29 cannot run, or runs otherwise than Node does:
// each rule was found with a probe on the interpreter. The rules about scopes are in gate-scopes.ts.

import type { AnyNode, Program } from "acorn";
import { parse } from "acorn";
import type { Report } from "./gate-scopes.ts";
import {
  childrenOf,
  findEarlyCalls,
  findEarlyUses,
  findSharedLoopVariables,
} from "./gate-scopes.ts";

const ABSENT = new Set(
  (
    "Map Set WeakMap WeakSet WeakRef Symbol BigInt Proxy Reflect TextEncoder TextDecoder Buffer Intl " +
    "queueMicrotask structuredClone globalThis BigInt64Array BigUint64Array"
  ).split(" "),
);

const ABSENT_MEMBERS: { [object: string]: string } = {
  Array: "from of",
  Object: "freeze is hasOwn seal isFrozen getOwnPropertySymbols",
  Number: "isInteger isSafeInteger isFinite parseInt parseFloat MAX_SAFE_INTEGER EPSILON",
  Math: "imul trunc hypot clz32 log2 log10 cbrt fround",
  Uint8Array: "from of",
  Date: "UTC",
  Promise: "race allSettled any",
};

/** Methods no object has there, whatever its type. */
const ABSENT_METHODS = new Set(
  (
    "flat flatMap at findLast findLastIndex copyWithin codePointAt normalize matchAll replaceAll trimStart " +
    "trimEnd localeCompare finally toSorted toReversed"
  ).split(" "),
);

/** Syntax the parser does not know. */
const ABSENT_SYNTAX: { [type: string]: string } = {
  LabeledStatement: "label",
  SpreadElement: "spread",
  RestElement: "rest parameter",
  ObjectPattern: "destructuring",
  ArrayPattern: "destructuring",
  AssignmentPattern: "default value",
  ChainExpression: "?.",
  AwaitExpression: "await",
  YieldExpression: "yield",
  TaggedTemplateExpression: "tagged template",
  MetaProperty: "new.target or import.meta",
  PropertyDefinition: "class field",
  StaticBlock: "static block",
  PrivateIdentifier: "#private name",
  ImportDeclaration: "import",
  ImportExpression: "import()",
  ExportNamedDeclaration: "export",
};

const BUILT_INS = new Set(["Error", "TypeError", "RangeError", "Array", "Promise", "Uint8Array"]);

/** Checks on one node, without its surroundings. */
function checkNode(node: AnyNode, report: Report): void {
  const absent = ABSENT_SYNTAX[node.type];
  if (absent) report(node, absent);
  switch (node.type) {
    case "ClassExpression":
    case "ClassDeclaration":
      if (node.type === "ClassExpression" && node.id)
        report(node, "named class expression: the inner name is not bound");
      if (node.superClass?.type === "Identifier" && BUILT_INS.has(node.superClass.name))
        report(node, "extends " + node.superClass.name);
      break;
    case "SwitchStatement": {
      const fallback = node.cases.findIndex((one) => !one.test);
      if (fallback >= 0 && fallback < node.cases.length - 1) report(node, "default before a case");
      break;
    }
    case "Property":
      if (node.computed) report(node, "computed key");
      break;
    case "BinaryExpression":
      if (node.operator === "**") report(node, "**");
      break;
    case "AssignmentExpression":
      checkAssignment(node, report);
      break;
    case "MemberExpression":
      checkMember(node, report);
      break;
    case "CallExpression":
      checkCall(node.callee, report);
      break;
    case "FunctionDeclaration":
    case "FunctionExpression":
    case "ArrowFunctionExpression":
      if (node.async) report(node, "async function");
      if (node.generator) report(node, "generator");
      break;
    case "TemplateElement":
      checkText(node, node.value.cooked ?? "", report);
      break;
    case "Literal":
      checkLiteral(node, report);
      break;
    default:
      break;
  }
}

/** An array's length cannot be assigned there. Of objects of our own it can; so only the emptying of an array, which is
 * what it would be for, is looked for. */
function checkAssignment(node: AnyNode & { type: "AssignmentExpression" }, report: Report): void {
  if (["**=", "&&=", "||=", "??="].includes(node.operator)) report(node, node.operator);
  if (node.left.type !== "MemberExpression" || node.left.property.type !== "Identifier") return;
  const isZero = node.right.type === "Literal" && node.right.value === 0;
  if (!node.left.computed && node.left.property.name === "length" && isZero)
    report(node, "assignment to length");
}

function checkMember(node: AnyNode & { type: "MemberExpression" }, report: Report): void {
  if (node.computed || node.property.type !== "Identifier") return;
  if (node.object.type !== "Identifier") return;
  const name = node.property.name;
  const members = ABSENT_MEMBERS[node.object.name];
  if (members?.split(" ").includes(name)) report(node, "no " + node.object.name + "." + name);
}

function checkCall(callee: AnyNode, report: Report): void {
  if (callee.type !== "MemberExpression" || callee.property.type !== "Identifier") return;
  if (!callee.computed && ABSENT_METHODS.has(callee.property.name))
    report(callee, "no method " + callee.property.name);
}

const FLOAT_DIGITS_MAX = 9;
const INTEGER_END = 2 ** 63;

function checkLiteral(node: AnyNode & { type: "Literal" }, report: Report): void {
  if (node.bigint) report(node, "bigint");
  // Groups with a quantifier, alternatives and look-ahead match nothing, or the wrong thing, without a word.
  if (node.regex && /[(|]|[*+?}]\?|\{\d/.test(node.regex.pattern))
    report(node, "regular expression with a group, an alternative or a counted repeat");
  if (typeof node.value === "string") checkText(node, node.value, report);
  if (typeof node.value === "number" && !isParsedExactly(node.value, node.raw ?? ""))
    report(node, "number that is not parsed exactly: " + node.raw);
}

/** Whole numbers are read as 64-bit integers; others digit by digit in floating point, which is right for short ones. */
function isParsedExactly(value: number, raw: string): boolean {
  if (Number.isSafeInteger(value)) return true;
  if (Number.isInteger(value)) return Math.abs(value) < INTEGER_END && !/e\d/.test(raw);
  return raw.replace(/e.*|[^0-9]/g, "").length <= FLOAT_DIGITS_MAX;
}

/** Characters are bytes there. */
function checkText(node: AnyNode, text: string, report: Report): void {
  const wide = firstAbove(text, 0xff);
  if (wide) report(node, "character above U+00FF: " + JSON.stringify(wide));
}

function firstAbove(text: string, last: number): string | undefined {
  return text.split("").find((character) => character.charCodeAt(0) > last);
}

/** Every node below, with its parent. */
function walk(
  node: AnyNode,
  visit: (node: AnyNode, parent?: AnyNode) => void,
  parent?: AnyNode,
): void {
  visit(node, parent);
  for (const child of childrenOf(node)) walk(child, visit, node);
}

/** What Espruino would not run like Node, as "line:column what"; none is what the build wants. */
export function gate(code: string): string[] {
  const found: string[] = [];
  const report: Report = (node, what) => {
    const at = node.loc?.start;
    found.push(`${at?.line ?? 0}:${at?.column ?? 0} ${what}`);
  };
  let program: Program;
  try {
    program = parse(code, { ecmaVersion: 2022, locations: true });
  } catch (fault) {
    return [`not JavaScript: ${(fault as Error).message}`];
  }
  if (firstAbove(code, 0x7f)) found.push("0:0 character outside ASCII in the source");
  walk(program, (node, parent) => {
    checkNode(node, report);
    // A text that begins a statement is lost behind a block that was not run, and the statement with it.
    if (
      node.type === "ExpressionStatement" &&
      /\}\s*["'`]$/.test(code.slice(Math.max(0, node.start - 9), node.start + 1))
    )
      report(node, "text at the start of a statement behind a block");
    if (node.type === "Identifier" && ABSENT.has(node.name)) {
      const isName = parent?.type === "MemberExpression" && parent.property === node;
      const isKey = parent?.type === "Property" && parent.key === node;
      if (!isName && !isKey) report(node, "no " + node.name);
    }
    findEarlyCalls(node, report);
    findEarlyUses(node, report);
    findSharedLoopVariables(node, report);
  });
  return found;
}
