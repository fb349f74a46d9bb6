// The gate's rules about names and when they are bound: Espruino hoists neither functions nor `var`, and a
// `for (let ...)` loop has one variable for all its turns.

import type { AnyNode, Function as FunctionNode, Pattern } from "acorn";

/** A place in the bundle and what is wrong there. */
export type Report = (node: AnyNode, what: string) => void;

export function childrenOf(node: AnyNode): AnyNode[] {
  const children: AnyNode[] = [];
  for (const value of Object.values(node) as unknown[])
    for (const one of Array.isArray(value) ? (value as unknown[]) : [value])
      if (one && typeof (one as AnyNode).type === "string") children.push(one as AnyNode);
  return children;
}

const isFunction = (node: AnyNode): node is FunctionNode & AnyNode =>
  node.type === "FunctionDeclaration" ||
  node.type === "FunctionExpression" ||
  node.type === "ArrowFunctionExpression";

/** A statement that uses a function declared further down in the same block: there is no such name yet. What a nested
 * function will use once it is called is not looked at. */
export function findEarlyCalls(node: AnyNode, report: Report): void {
  if (node.type !== "BlockStatement" && node.type !== "Program") return;
  const declaredAt = new Map<string, number>();
  node.body.forEach((statement, index) => {
    if (statement.type === "FunctionDeclaration") declaredAt.set(statement.id.name, index);
  });
  node.body.forEach((statement, index) => {
    if (statement.type === "FunctionDeclaration") return;
    eachUse(statement, (identifier) => {
      if ((declaredAt.get(identifier.name) ?? -1) > index)
        report(identifier, "function used before its declaration: " + identifier.name);
    });
  });
}

/** A `var` whose name is used further up in its function. Espruino takes the use for a global of that name: it once replaced
 * a function of the bundle by an object, far away from here. */
export function findEarlyUses(node: AnyNode, report: Report): void {
  if (!isFunction(node) && node.type !== "Program") return;
  const names = isFunction(node) ? node.params.flatMap(namesOf) : [];
  const declared = new Map<string, number>();
  eachOwn(node, (own, parent) => {
    if (own.type !== "VariableDeclarator" || own.id.type !== "Identifier") return;
    const isVar = parent.type === "VariableDeclaration" && parent.kind === "var";
    if (isVar && !declared.has(own.id.name)) declared.set(own.id.name, own.id.start);
  });
  eachOwn(node, (own, parent) => {
    if (own.type !== "Identifier" || names.includes(own.name) || isKey(own, parent)) return;
    if ((declared.get(own.name) ?? -1) > own.start)
      report(own, "variable used before its declaration: " + own.name);
  });
}

export const isKey = (node: AnyNode, parent: AnyNode): boolean =>
  (parent.type === "MemberExpression" && !parent.computed && parent.property === node) ||
  (parent.type === "Property" && !parent.computed && !parent.shorthand && parent.key === node) ||
  (isFunction(parent) && parent.id === node);

/** Every node of a function or program that is not in a function inside it. */
function eachOwn(node: AnyNode, visit: (own: AnyNode, parent: AnyNode) => void): void {
  for (const child of childrenOf(node)) {
    visit(child, node);
    if (!isFunction(child)) eachOwn(child, visit);
  }
}

/** Every name used in a statement itself, not in functions inside it. */
function eachUse(
  node: AnyNode,
  visit: (identifier: AnyNode & { type: "Identifier" }) => void,
): void {
  if (isFunction(node) || node.type === "ClassBody") return;
  if (node.type === "Identifier") visit(node);
  if (node.type === "MemberExpression" && !node.computed) return eachUse(node.object, visit);
  if (node.type === "Property" && !node.computed) return eachUse(node.value, visit);
  for (const child of childrenOf(node)) eachUse(child, visit);
}

/** A function made inside a `for (let i ...)` that uses i: on Espruino all of them see its last value. */
export function findSharedLoopVariables(node: AnyNode, report: Report): void {
  if (node.type !== "ForStatement" || node.init?.type !== "VariableDeclaration") return;
  if (node.init.kind !== "let") return;
  const names = node.init.declarations.flatMap((one) => namesOf(one.id));
  for (const name of names)
    if (capturedIn(node, name)) report(node, "closure over for (let " + name);
}

function capturedIn(node: AnyNode, name: string): boolean {
  return childrenOf(node).some((child) =>
    isFunction(child) ? usedIn(child, name) : capturedIn(child, name),
  );
}

/** Whether a function uses a name it has not declared itself, as a parameter or anywhere in its body. */
function usedIn(node: FunctionNode & AnyNode, name: string): boolean {
  if (node.params.some((parameter) => namesOf(parameter).includes(name))) return false;
  if (declares(node.body, name)) return false;
  return mentions(node.body, name);
}

function declares(node: AnyNode, name: string): boolean {
  if (node.type === "VariableDeclarator" && namesOf(node.id).includes(name)) return true;
  if (node.type === "FunctionDeclaration" && node.id?.name === name) return true;
  return childrenOf(node).some((child) => !isFunction(child) && declares(child, name));
}

function mentions(node: AnyNode, name: string): boolean {
  if (node.type === "Identifier") return node.name === name;
  if (isFunction(node)) return usedIn(node, name);
  if (node.type === "MemberExpression" && !node.computed) return mentions(node.object, name);
  if (node.type === "Property" && !node.computed) return mentions(node.value, name);
  return childrenOf(node).some((child) => mentions(child, name));
}

const namesOf = (pattern: Pattern): string[] =>
  pattern.type === "Identifier" ? [pattern.name] : [];
