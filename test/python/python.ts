/** Where the programs of an example find `python`: a directory for the PATH; or why there is none. */
export type Python = { bin: string } | { missing: string };

declare module 'vitest' {
  interface ProvidedContext {
    tensorFlow: Python;
    torch: Python;
  }
}
