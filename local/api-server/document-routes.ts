import { type Request, type Response, Router } from 'express';
import type { JsonObject } from '../../core/json.ts';
import type { CustomKinds } from './custom-kinds.ts';
import {
  type AggregatedVersion,
  aggregatedDiscovery,
  coreVersions,
  groupList,
  groupOf,
  resourceList,
} from './discovery.ts';
import { openApiIndex, openApiV2, openApiV3 } from './openapi/documents.ts';
import { encodeOpenApiV2, OPENAPI_V2_PROTOBUF, OPENAPI_V2_PROTOBUF_ANSWER } from './openapi/protobuf.ts';
import { mediaRanges } from './representation.ts';
import { noSuchPath } from './resource-handler.ts';
import { HttpRefusal } from './status-answer.ts';

/** The Kubernetes version whose API is spoken: what clients compare themselves with. */
const KUBERNETES_VERSION = { major: '1', minor: '32' };

/** What does not change while the server runs: version, health, discovery, OpenAPI. */
export function documentRoutes(kinds: CustomKinds, version: string): Router {
  const router = Router();
  router.get('/version', (_request, response) => void response.json(versionDocument(version)));
  router.get(
    ['/healthz', '/livez', '/readyz'],
    (_request, response) => void response.type('text').send('ok'),
  );

  router.get('/api', (request, response) => sendDiscovery(request, response, 'api', coreVersions()));
  router.get('/apis', (request, response) => sendDiscovery(request, response, 'apis', groupList()));
  router.get('/api/:version', ({ params }, response) => sendFound(response, resourceList(params.version)));
  router.get('/apis/:group', ({ params }, response) => sendFound(response, groupOf(params.group)));
  router.get('/apis/:group/:version', ({ params }, response) =>
    sendFound(response, resourceList(`${params.group}/${params.version}`)),
  );

  router.get('/openapi/v2', (request, response) => {
    const document = openApiV2(kinds.schemas, version);
    if (firstAccepted(request, ['application/json', OPENAPI_V2_PROTOBUF]) === OPENAPI_V2_PROTOBUF)
      response.type(OPENAPI_V2_PROTOBUF_ANSWER).send(encodeOpenApiV2(document));
    else response.json(document);
  });
  router.get('/openapi/v3', (_request, response) => void response.json(openApiIndex()));
  router.get('/openapi/v3/*root', (request, response) => {
    firstAccepted(request, ['application/json']);
    sendFound(response, openApiV3(request.params.root.join('/'), kinds.schemas, version));
  });
  return router;
}

function versionDocument(version: string): JsonObject {
  const { major, minor } = KUBERNETES_VERSION;
  return {
    major,
    minor,
    gitVersion: `v${major}.${minor}.0+katydid-${version}`,
    gitCommit: '',
    gitTreeState: '',
    buildDate: '1970-01-01T00:00:00Z',
    goVersion: '',
    compiler: '',
    platform: `${process.platform}/${process.arch}`,
  };
}

function sendFound(response: Response, document: JsonObject | null): void {
  if (!document) throw noSuchPath();
  response.json(document);
}

function sendDiscovery(request: Request, response: Response, root: 'api' | 'apis', legacy: JsonObject): void {
  const version = aggregatedVersion(request);
  if (version) {
    response.type(`application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`);
    response.send(JSON.stringify(aggregatedDiscovery(root, version)));
  } else response.json(legacy);
}

/** Null where the client does not ask for one document, or can do with many. */
function aggregatedVersion({ headers }: Request): AggregatedVersion | null {
  for (const { parameters } of mediaRanges(headers.accept)) {
    const version = parameters.get('v');
    const isAggregated = parameters.get('as') === 'APIGroupDiscoveryList';
    if (isAggregated && (version === 'v2' || version === 'v2beta1')) return version;
  }
  return null;
}

/** The first range of the Accept header that is served, JSON where it leaves the choice. NotAcceptable (406) where none is. */
function firstAccepted({ headers }: Request, served: readonly string[]): string {
  for (const { type } of mediaRanges(headers.accept)) {
    if (type === 'application/*' || type === '*/*') return 'application/json';
    if (served.includes(type)) return type;
  }
  throw new HttpRefusal(406, `only ${served.join(' and ')} are served here, not ${headers.accept ?? ''}`);
}
