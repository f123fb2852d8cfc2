/**
 * Kubernetes' `$(VAR)` expansion of commands, arguments and environment values: `$$` is a dollar sign, so that `$$(X)`
 * stays `$(X)`; unknown and unterminated references stay as written; `$X` and `${X}` are none of its business. One
 * pass: what a variable contains is not expanded again.
 */
export function expandVariables(text: string, valueOf: (name: string) => string | undefined): string {
  return text.replace(/\$\$|\$\(([^)]*)\)/g, (reference: string, name: string | undefined) =>
    name === undefined ? '$' : (valueOf(name) ?? reference),
  );
}
