/** A variable of an admission policy: evaluated when it is first read. */
export interface PolicyVariable {
  readonly name: string;
  readonly expression: string;
}

/** The variables that expressions read, directly or through others, in the order given. Each may read those before it. */
export function usedVariables(candidates: readonly PolicyVariable[], expressions: readonly string[]): PolicyVariable[] {
  const used = new Set(expressions.flatMap(variablesIn));
  for (const { name, expression } of [...candidates].reverse()) {
    if (used.has(name)) {
      variablesIn(expression).forEach((each) => used.add(each));
    }
  }
  return candidates.filter(({ name }) => used.has(name));
}

function variablesIn(expression: string): string[] {
  return [...expression.matchAll(/\bvariables\.(\w+)/g)].map(([, name]) => name);
}
