// What the build does so that Espruino need not hold all functions all the time: those that only one other function needs,
// or a few that are as rarely called, are moved into it. They are then declared when it runs, from flash, and gone when
// nobody holds what it made. A declared function costs five variables and one for each parameter.

import type { AnyNode, FunctionDeclaration } from "acorn";
import { parse } from "acorn";
import { ERRANDS, LOADERS } from "./build-errands.ts";
import type { Statement } from "./build-passes.ts";
import { insert, isAtOnce, keepFromTerser, visit } from "./build-passes.ts";
import { isKey } from "./gate-scopes.ts";

/** Ends the name of a function that does several errands. */
const TOGETHER = "$together";

/** Moves what can be moved. Terser must move no further: functions made within an errand would hold the errand's. */
export function nestFunctions(text: string): string {
  let nested = text;
  for (const host of LOADERS) nested = nest(nested, host, () => true);
  for (const errands of ERRANDS) nested = nestErrands(nested, errands);
  const statements = parse(nested, { ecmaVersion: 2022 }).body;
  const errands = statements.filter((node) => isErrand(nameOf(node)));
  const called = new Set(errands.flatMap(namesIn));
  const makers = statements.filter((node) => called.has(nameOf(node)) && !makesNoFunctions(node));
  return keepFromTerser(nested, makers.map(nameOf));
}

export function isErrand(name: string): boolean {
  return name.endsWith(TOGETHER) || ERRANDS.some((errands) => errands.includes(name));
}

function nestErrands(text: string, errands: string[]): string {
  const names = parse(text, { ecmaVersion: 2022 }).body.map(nameOf);
  const found = errands.filter((name) => names.includes(name));
  const together = found[0] + TOGETHER;
  if (found.length < 2) return nest(text, found[0] ?? "", makesNoFunctions);
  return nest(join(text, found, together), together, makesNoFunctions);
}

/** Puts one function in the place of several: whoever calls one of these gives it the errand's number. Among themselves, and
 * in what only they need, they call each other as before. */
function join(text: string, errands: string[], together: string): string {
  const statements = parse(text, { ecmaVersion: 2022 }).body;
  const hosts = statements.filter((node) => errands.includes(nameOf(node)));
  const own = onlyNeededBy(errands, statements, makesNoFunctions).concat(hosts);
  const calls: Call[] = [];
  for (const node of statements) if (!own.includes(node)) calls.push(...callsIn(node, errands));
  const joined = insert(
    text,
    calls.map(({ start, end, errand, hasNothing }) => {
      const number = errands.indexOf(errand);
      return { start, end, text: `${together}(${number}${hasNothing ? "" : ", "}` };
    }),
  );
  const calling = errands.map((name, i) => {
    const host = hosts.find((node) => nameOf(node) === name);
    if (host?.type !== "FunctionDeclaration" || !makesNoFunctions(host))
      throw new Error(`firmware: ${name} is no function, or leaves functions behind`);
    return { count: host.params.length, text: `if ($ === ${i}) return ${name}` };
  });
  const most = Math.max(...calling.map(({ count }) => count));
  const lines = calling.map(({ count, text: line }) => `${line}(${numbered(count).join(", ")});`);
  return `${joined}\nfunction ${together}(${["$", ...numbered(most)].join(", ")}) {\n${lines.join("\n")}\n}\n`;
}

/** From its name to its first argument. */
type Call = { start: number; end: number; errand: string; hasNothing: boolean };

/** Throws when an errand is named otherwise than to call it. */
function callsIn(statement: Statement, errands: string[]): Call[] {
  const calls: Call[] = [];
  visit(statement, (node, parent) => {
    if (node.type !== "Identifier" || !errands.includes(node.name) || isKey(node, parent)) return;
    if (parent.type !== "CallExpression" || parent.callee !== node)
      throw new Error(`firmware: ${nameOf(statement)} does more with ${node.name} than calling it`);
    const first = parent.arguments[0];
    const end = first ? first.start : parent.end - 1;
    calls.push({ start: node.start, end, errand: node.name, hasNothing: !first });
  });
  return calls;
}

const numbered = (count: number): string[] => Array.from({ length: count }, (_, i) => `$${i}`);

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
  const moved = onlyNeededBy([host], statements, mayMove);
  const textOf = (node: AnyNode): string => text.slice(node.start, node.end);
  let rest = "";
  for (const node of statements) {
    if (node === target) rest += withMoved(target, moved, textOf);
    else if (!moved.includes(node)) rest += textOf(node) + "\n";
  }
  return rest;
}

/** With the moved at its beginning. Where they would take one of the host's own names for theirs, they stand around the host
 * instead, which costs each function that it makes an array of the two scopes. */
function withMoved(
  host: FunctionDeclaration,
  moved: Statement[],
  textOf: (node: AnyNode) => string,
): string {
  const name = host.id.name;
  const parameters = host.params.map(textOf).join(", ");
  const before = moved.map(textOf).join("\n");
  const own = new Set([host.params, host.body].flat().flatMap(namesDeclaredIn));
  if (!moved.some((node) => freeNamesOf(node).some((free) => own.has(free)))) {
    const body = textOf(host.body).slice(1);
    return `function ${name}(${parameters}) {\n${before}\n${body}\n`;
  }
  const given = numbered(host.params.length).join(", ");
  const inner = `function ${name}$(${parameters}) ${textOf(host.body)}`;
  return `function ${name}(${given}) {\n${before}\n${inner}\nreturn ${name}$(${given});\n}\n`;
}

/** The greatest set of declarations to which nothing but the hosts and they themselves refer. */
function onlyNeededBy(
  hosts: string[],
  statements: Statement[],
  mayMove: (node: Statement) => boolean,
): Statement[] {
  const usesOf = new Map(statements.map((node) => [node, new Set(namesIn(node))]));
  let set = statements.filter(
    (node) => nameOf(node) && !hosts.includes(nameOf(node)) && mayMove(node),
  );
  for (;;) {
    const outside = statements.filter(
      (node) => !set.includes(node) && !hosts.includes(nameOf(node)),
    );
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

/** The names of parameters, variables and functions, at any depth. */
function namesDeclaredIn(node: AnyNode): string[] {
  const names = node.type === "Identifier" ? [node.name] : [];
  visit(node, (part) => {
    if (part.type === "VariableDeclarator") names.push(...namesIn(part.id));
    if (part.type === "CatchClause" && part.param) names.push(...namesIn(part.param));
    if ("params" in part) names.push(...part.params.flatMap(namesIn));
    if (part.type === "FunctionDeclaration") names.push(...(part.id ? [part.id.name] : []));
  });
  return names;
}

/** What a statement of the outermost level takes from there. */
function freeNamesOf(node: AnyNode): string[] {
  const own = new Set(namesDeclaredIn(node));
  return namesIn(node).filter((name) => !own.has(name));
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
