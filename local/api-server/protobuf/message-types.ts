/*
 * The protobuf messages of Kubernetes' own kinds that kubectl 1.32 and newer send as nothing else: what its typed commands
 * create (`kubectl create namespace`) and ask (`kubectl auth can-i`). Numbers are those of Kubernetes' generated.proto files.
 */

/** What a field holds. `-or-none` drops the zero value, which Go writes where nothing was set. */
export type FieldType =
  | 'text-or-none'
  | 'texts'
  | 'integer'
  | 'integer-or-none'
  | 'flag'
  /** A message of one text, as of quantities. */
  | 'wrapped-text'
  /** Said by the server alone: not read. */
  | 'ignored'
  | { readonly mapOf: 'text' | 'base64' | 'wrapped-text' }
  | { readonly listOf: () => MessageType }
  | { readonly message: () => MessageType };

/** Fields by number. */
export type MessageType = Readonly<Record<number, readonly [name: string, type: FieldType]>>;

const TEXTS_BY_NAME = { mapOf: 'text' } as const;

const OWNER_REFERENCE: MessageType = {
  1: ['kind', 'text-or-none'],
  3: ['name', 'text-or-none'],
  4: ['uid', 'text-or-none'],
  5: ['apiVersion', 'text-or-none'],
  6: ['controller', 'flag'],
  7: ['blockOwnerDeletion', 'flag'],
};

const OBJECT_META: MessageType = {
  1: ['name', 'text-or-none'],
  2: ['generateName', 'text-or-none'],
  3: ['namespace', 'text-or-none'],
  4: ['selfLink', 'text-or-none'],
  5: ['uid', 'text-or-none'],
  6: ['resourceVersion', 'text-or-none'],
  7: ['generation', 'integer-or-none'],
  8: ['creationTimestamp', 'ignored'],
  11: ['labels', TEXTS_BY_NAME],
  12: ['annotations', TEXTS_BY_NAME],
  13: ['ownerReferences', { listOf: () => OWNER_REFERENCE }],
  14: ['finalizers', 'texts'],
};

const metadata = ['metadata', { message: () => OBJECT_META }] as const;
const status = ['status', 'ignored'] as const;

const NAMESPACE: MessageType = {
  1: metadata,
  2: ['spec', { message: () => ({ 1: ['finalizers', 'texts'] }) }],
  3: status,
};

const CONFIG_MAP: MessageType = {
  1: metadata,
  2: ['data', TEXTS_BY_NAME],
  3: ['binaryData', { mapOf: 'base64' }],
  4: ['immutable', 'flag'],
};

const SECRET: MessageType = {
  1: metadata,
  2: ['data', { mapOf: 'base64' }],
  3: ['type', 'text-or-none'],
  4: ['stringData', TEXTS_BY_NAME],
  5: ['immutable', 'flag'],
};

const QUANTITIES = { mapOf: 'wrapped-text' } as const;

const CONTAINER: MessageType = {
  1: ['name', 'text-or-none'],
  2: ['image', 'text-or-none'],
  3: ['command', 'texts'],
  4: ['args', 'texts'],
  5: ['workingDir', 'text-or-none'],
  7: ['env', { listOf: () => ({ 1: ['name', 'text-or-none'], 2: ['value', 'text-or-none'] }) }],
  8: ['resources', { message: () => ({ 1: ['limits', QUANTITIES], 2: ['requests', QUANTITIES] }) }],
  14: ['imagePullPolicy', 'text-or-none'],
};

const POD_SPEC: MessageType = {
  2: ['containers', { listOf: () => CONTAINER }],
  3: ['restartPolicy', 'text-or-none'],
  4: ['terminationGracePeriodSeconds', 'integer'],
  5: ['activeDeadlineSeconds', 'integer'],
  20: ['initContainers', { listOf: () => CONTAINER }],
};

const JOB_SPEC: MessageType = {
  1: ['parallelism', 'integer'],
  2: ['completions', 'integer'],
  3: ['activeDeadlineSeconds', 'integer'],
  6: ['template', { message: () => ({ 1: metadata, 2: ['spec', { message: () => POD_SPEC }] }) }],
  7: ['backoffLimit', 'integer'],
  8: ['ttlSecondsAfterFinished', 'integer'],
  10: ['suspend', 'flag'],
};

const JOB: MessageType = { 1: metadata, 2: ['spec', { message: () => JOB_SPEC }], 3: status };

const RESOURCE_ATTRIBUTES: MessageType = {
  1: ['namespace', 'text-or-none'],
  2: ['verb', 'text-or-none'],
  3: ['group', 'text-or-none'],
  4: ['version', 'text-or-none'],
  5: ['resource', 'text-or-none'],
  6: ['subresource', 'text-or-none'],
  7: ['name', 'text-or-none'],
};

const ACCESS_REVIEW_SPEC: MessageType = {
  1: ['resourceAttributes', { message: () => RESOURCE_ATTRIBUTES }],
  2: [
    'nonResourceAttributes',
    { message: () => ({ 1: ['path', 'text-or-none'], 2: ['verb', 'text-or-none'] }) },
  ],
};

/** By `apiVersion` and kind. */
export const MESSAGE_TYPES: Readonly<Record<string, MessageType>> = {
  'v1 Namespace': NAMESPACE,
  'v1 ConfigMap': CONFIG_MAP,
  'v1 Secret': SECRET,
  'batch/v1 Job': JOB,
  'authorization.k8s.io/v1 SelfSubjectAccessReview': {
    1: metadata,
    2: ['spec', { message: () => ACCESS_REVIEW_SPEC }],
    3: status,
  },
  'authorization.k8s.io/v1 SelfSubjectRulesReview': {
    1: metadata,
    2: ['spec', { message: () => ({ 1: ['namespace', 'text-or-none'] }) }],
    3: status,
  },
  'authentication.k8s.io/v1 SelfSubjectReview': { 1: metadata, 2: status },
};
