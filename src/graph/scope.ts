let current = "";

/** Where code that is being traced stands: the path of layers, "encoder/dense". Nodes keep it, for print. */
export function currentScope(): string {
  return current;
}

/** Runs `body` with its nodes named after `name`, inside the scopes around it. */
export function withScope<T>(name: string, body: () => T): T {
  return inScope(current === "" ? name : `${current}/${name}`, body);
}

/** Runs `body` in this scope and no other: what takes a node's place keeps its name. */
export function inScope<T>(path: string, body: () => T): T {
  const before = current;
  current = path;
  try {
    return body();
  } finally {
    current = before;
  }
}
