const IMPORT =
  /^(?:import\s+(?<modules>[\w.]+(?:\s+as\s+\w+)?(?:\s*,\s*[\w.]+(?:\s+as\s+\w+)?)*)|from\s+(?<module>\w[\w.]*)\s+import\b)/;

/**
 * The top-level modules that Python code imports unconditionally: imports inside functions or `try` are indented, and
 * not among them. Relative imports belong to the program itself. In alphabetical order.
 */
export function pythonImports(code: string): string[] {
  const statements = withoutTexts(code).split(/\n|;[ \t]*/);
  const modules = statements.flatMap((statement) => {
    const { module, modules: list } = IMPORT.exec(statement)?.groups ?? {};
    return [...(module === undefined ? [] : [module]), ...(list?.split(/\s*,\s*/) ?? [])];
  });
  const names = modules
    .map((module) => /^\w+/.exec(module)?.[0] ?? '')
    .filter((name) => name !== '__future__');
  return [...new Set(names)].sort();
}

/** Docstrings may show imports. */
function withoutTexts(code: string): string {
  return code.replace(/"""[^]*?"""|'''[^]*?'''/g, '""');
}
