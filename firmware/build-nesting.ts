// What the build does so that Espruino need not hold all functions all the time: those that only one other function needs,
// itself rarely called, are moved into it. They are then declared when it runs, from flash, and gone when nobody holds
// what it made. A declared function costs four variables and one for each parameter.

import type { AnyNode, FunctionDeclaration } from "acorn";
import { parse } from "acorn";
import type { Statement } from "./build-passes.ts";
import { isAtOnce, keepFromTerser, visit } from "./build-passes.ts";

/** Whoever holds what these return holds the code behind it, and its constants. */
const LOADERS = ["createEsp32Board", "openCurve", "openUpdates"];
/** These run at a start or after a sale. What they return must not hold on to the code behind them, so nothing that makes
 * functions is moved. */
const ERRANDS = [
  "connectPacket",
  "decode",
  "decodeDownlink",
  "encode",
  "encodeUplink",
  "findOrders",
  "handOver",
  "obeyGateway",
  "openDownlink",
  "openJournal",
  "openNonces",
  "openStore",
  "pressKey",
  "readClock",
  "readEntry",
  "readPackets",
  "readSettings",
];
/** Moves what can be moved. Terser must move no further: functions made within an errand would hold the errand's. */
export function nestFunctions(text: string): string {
  let nested = text;
  for (const host of LOADERS) nested = nest(nested, host, () => true);
  for (const host of ERRANDS) nested = nest(nested, host, makesNoFunctions);
  const statements = parse(nested, { ecmaVersion: 2022 }).body;
  const errands = statements.filter((node) => ERRANDS.includes(nameOf(node)));
  const called = new Set(errands.flatMap(namesIn));
  const makers = statements.filter((node) => called.has(nameOf(node)) && !makesNoFunctions(node));
  return keepFromTerser(nested, makers.map(nameOf));
}

export function isErrand(name: string): boolean {
  return ERRANDS.includes(name);
}

/** What a statement of the outermost level declares; "" when it is not one function or variable. */
function nameOf(node: Statement): string {
  if (node.type === "FunctionDeclaration") return node.id.name;
  if (node.type !== "VariableDeclaration" || node.declarations.length !== 1) return "";
  const id = node.declarations[0]?.id;
  return id?.type === "Identifier" ? id.name : "";
}

function nest(text: string, host: string, mayMove: (node: Statement) => boolean): string {
  const statements = parse(text, { ecmaVersion: 2022 }).body;
  const target = statements.find((node) => nameOf(node) === host);
  if (target?.type !== "FunctionDeclaration") return text;
  const moved = onlyNeededBy(host, statements, mayMove);
  const textOf = (node: AnyNode): string => text.slice(node.start, node.end);
  let rest = "";
  for (const node of statements) {
    if (node === target) rest += wrapped(target, moved.map(textOf), textOf);
    else if (!moved.includes(node)) rest += textOf(node) + "\n";
  }
  return rest;
}

/** The host around itself: what is moved stands outside of its own names, and so sees what it saw before. */
function wrapped(
  host: FunctionDeclaration,
  moved: string[],
  textOf: (node: AnyNode) => string,
): string {
  const name = host.id.name;
  const parameters = host.params.map((_, i) => `$${i}`).join(", ");
  const own = `function ${name}$(${host.params.map(textOf).join(", ")}) ${textOf(host.body)}`;
  const inside = [...moved, own, `return ${name}$(${parameters});`].join("\n");
  return `function ${name}(${parameters}) {\n${inside}\n}\n`;
}

/** The greatest set of declarations to which nothing but host and they themselves refer. */
function onlyNeededBy(
  host: string,
  statements: Statement[],
  mayMove: (node: Statement) => boolean,
): Statement[] {
  const usesOf = new Map(statements.map((node) => [node, new Set(namesIn(node))]));
  let set = statements.filter((node) => nameOf(node) && nameOf(node) !== host && mayMove(node));
  for (;;) {
    const outside = statements.filter((node) => !set.includes(node) && nameOf(node) !== host);
    const needed = new Set(outside.flatMap((node) => [...(usesOf.get(node) ?? [])]));
    const smaller = set.filter((node) => !needed.has(nameOf(node)));
    if (smaller.length === set.length) return set;
    set = smaller;
  }
}

/** All names that a statement uses, its own locals too: what is moved too little is no mistake. */
function namesIn(node: AnyNode): string[] {
  const names: string[] = [];
  const properties = new Set<AnyNode>();
  visit(node, (part) => {
    if (part.type === "MemberExpression" && !part.computed) properties.add(part.property);
    if (part.type === "Property" && !part.computed && !part.shorthand) properties.add(part.key);
    if (part.type === "Identifier" && !properties.has(part)) names.push(part.name);
  });
  return names;
}

/** True for a function that makes none, but those that are done when it returns. */
function makesNoFunctions(node: Statement): boolean {
  if (node.type !== "FunctionDeclaration") return false;
  let made = 0;
  visit(node, (part, parent) => {
    const isMade = part.type === "ArrowFunctionExpression" || part.type === "FunctionExpression";
    if (isMade && !isAtOnce(part, parent)) made++;
  });
  return !made;
}
