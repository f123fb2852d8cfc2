import { specIssue, quoted, type Issues, type SpecPath } from '../core/validation/issue.ts';
import type { PodTemplateDocument } from '../core/pod-schema.ts';

type ContainerDocument = NonNullable<NonNullable<PodTemplateDocument['spec']>['containers']>[number];

/** A pod template has containers, each with a name of its own and an image. */
export function* checkContainers(containers: readonly ContainerDocument[], path: SpecPath): Issues {
  if (containers.length === 0) {
    yield specIssue('SPEC_REQUIRED', path, 'The pod template has no containers.', 'Add the one that trains.');
  }
  const names = new Set<string>();
  for (const [index, { name, image }] of containers.entries()) {
    if (name === '' || names.has(name)) {
      const message =
        name === '' ? 'The container has no name.' : `Two containers are named ${quoted(name)}.`;
      yield specIssue('SPEC_VALUE_NOT_ALLOWED', [...path, index, 'name'], message, 'Give each its own name.');
    }
    names.add(name);
    if (image == null || image === '') {
      const message = `Container ${quoted(name)} has no image.`;
      yield specIssue('SPEC_REQUIRED', [...path, index, 'image'], message, 'Name the image it comes from.');
    }
  }
}
