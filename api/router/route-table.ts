import type { Method, Route } from '../route.ts';

/** A route at its whole path. */
export interface MountedRoute {
  readonly route: Route;
  /** `/api/v1/namespaces/{namespace}/experiments` */
  readonly path: string;
}

export type RouteMatch =
  | { readonly kind: 'found'; readonly route: Route; readonly params: Readonly<Record<string, string>> }
  | { readonly kind: 'otherMethod'; readonly allowed: readonly Method[] }
  | { readonly kind: 'nothing' };

export interface RouteTable {
  readonly routes: readonly MountedRoute[];
  /** `path` is as the request has it, percent-encoded and without a query. */
  find(method: string, path: string): RouteMatch;
}

export function mountRoutes(base: string, routes: readonly Route[]): MountedRoute[] {
  return routes.map((route) => ({ route, path: `${base}${route.path}` }));
}

/** @throws Error where two routes have one method and path, or one operationId: a defect of ours. */
export function createRouteTable(routes: readonly MountedRoute[]): RouteTable {
  refuseRepeats(routes.map(({ route, path }) => `${route.method} ${path.replace(/\{\w+\}/g, '{}')}`));
  refuseRepeats(routes.map(({ route }) => route.operationId));
  const patterns = routes.map((mounted) => ({ ...mounted, pattern: pathPattern(mounted.path) }));
  return {
    routes,
    find(method, path) {
      const wanted = method === 'HEAD' ? 'get' : method.toLowerCase();
      const allowed: Method[] = [];
      for (const { route, pattern } of patterns) {
        const found = pattern.exec(path);
        if (!found) continue;
        if (route.method === wanted) return { kind: 'found', route, params: decoded(found.groups) };
        allowed.push(route.method);
      }
      return allowed.length > 0 ? { kind: 'otherMethod', allowed } : { kind: 'nothing' };
    },
  };
}

/** A parameter takes one segment without colons, which begin the name of a verb. */
function pathPattern(path: string): RegExp {
  const source = path.replace(/\{(\w+)\}|[.*+?^${}()|[\]\\]/g, (found, name?: string) =>
    name === undefined ? `\\${found}` : `(?<${name}>[^/:]+)`,
  );
  return new RegExp(`^${source}$`);
}

/** @throws URIError */
function decoded(groups: Record<string, string> = {}): Record<string, string> {
  return Object.fromEntries(Object.entries(groups).map(([name, text]) => [name, decodeURIComponent(text)]));
}

function refuseRepeats(names: readonly string[]): void {
  const repeated = names.find((name, at) => names.indexOf(name) !== at);
  if (repeated !== undefined) throw new Error(`there are two routes ${repeated}`);
}
