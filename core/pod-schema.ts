import { z } from 'zod';

/*
 * The types of what operators and the process kubelet read in pods. Fields that nothing here reads pass, whatever they
 * hold. Kubernetes takes null for "absent"; so do these.
 */

const text = z.string();
const texts = z.array(text);
const textRecord = z.record(text, text);
const count = z.int().min(0);

const keyToPath = z.looseObject({ key: text, path: text, mode: count.nullish() });
const fileSource = { items: z.array(keyToPath).nullish(), optional: z.boolean().nullish() };
const configMapFiles = z.looseObject({ name: text.nullish(), ...fileSource, defaultMode: count.nullish() });
const secretFiles = z.looseObject({
  secretName: text.nullish(),
  ...fileSource,
  defaultMode: count.nullish(),
});
const fieldRef = z.looseObject({ fieldPath: text });
const downwardItem = z.looseObject({ path: text, fieldRef: fieldRef.nullish(), mode: count.nullish() });
const downwardFiles = z.looseObject({ items: z.array(downwardItem).nullish(), defaultMode: count.nullish() });

const volumeSchema = z.looseObject({
  name: text,
  emptyDir: z.looseObject({ sizeLimit: z.union([text, z.number()]).nullish() }).nullish(),
  hostPath: z.looseObject({ path: text, type: text.nullish() }).nullish(),
  persistentVolumeClaim: z.looseObject({ claimName: text }).nullish(),
  configMap: configMapFiles.nullish(),
  secret: secretFiles.nullish(),
  downwardAPI: downwardFiles.nullish(),
  projected: z.looseObject({ sources: z.array(z.looseObject({})).nullish() }).nullish(),
});

const keyReference = z.looseObject({ name: text.nullish(), key: text, optional: z.boolean().nullish() });
const envVarSchema = z.looseObject({
  name: text,
  value: text.nullish(),
  valueFrom: z
    .looseObject({
      fieldRef: fieldRef.nullish(),
      resourceFieldRef: z.looseObject({ resource: text, containerName: text.nullish() }).nullish(),
      configMapKeyRef: keyReference.nullish(),
      secretKeyRef: keyReference.nullish(),
    })
    .nullish(),
});

const sourceReference = z.looseObject({ name: text.nullish(), optional: z.boolean().nullish() });
const envFromSchema = z.looseObject({
  prefix: text.nullish(),
  configMapRef: sourceReference.nullish(),
  secretRef: sourceReference.nullish(),
});

const quantities = z.record(text, z.union([text, z.number()])).nullish();

const containerSchema = z.looseObject({
  name: text,
  image: text.nullish(),
  command: texts.nullish(),
  args: texts.nullish(),
  workingDir: text.nullish(),
  env: z.array(envVarSchema).nullish(),
  envFrom: z.array(envFromSchema).nullish(),
  ports: z.array(z.looseObject({ name: text.nullish(), containerPort: z.int() })).nullish(),
  volumeMounts: z
    .array(
      z.looseObject({
        name: text,
        mountPath: text,
        subPath: text.nullish(),
        subPathExpr: text.nullish(),
        readOnly: z.boolean().nullish(),
      }),
    )
    .nullish(),
  resources: z.looseObject({ limits: quantities, requests: quantities }).nullish(),
  lifecycle: z
    .looseObject({
      preStop: z.looseObject({ exec: z.looseObject({ command: texts.nullish() }).nullish() }).nullish(),
    })
    .nullish(),
  terminationMessagePath: text.nullish(),
  terminationMessagePolicy: text.nullish(),
  restartPolicy: text.nullish(),
});

const podSpecShape = {
  initContainers: z.array(containerSchema).nullish(),
  volumes: z.array(volumeSchema).nullish(),
  restartPolicy: text.nullish(),
  terminationGracePeriodSeconds: count.nullish(),
  activeDeadlineSeconds: z.int().min(1).nullish(),
  nodeName: text.nullish(),
  hostname: text.nullish(),
  subdomain: text.nullish(),
  serviceAccountName: text.nullish(),
};

/** A pod template as the author of a job writes it; that it has containers is checked with a message of its own. */
export const podTemplateSchema = z.looseObject({
  metadata: z
    .looseObject({
      labels: textRecord.nullish(),
      annotations: textRecord.nullish(),
      finalizers: texts.nullish(),
    })
    .nullish(),
  spec: z.looseObject({ containers: z.array(containerSchema).nullish(), ...podSpecShape }).nullish(),
});
export type PodTemplateDocument = z.infer<typeof podTemplateSchema>;

const containerStatus = z.looseObject({
  name: text,
  restartCount: count.nullish(),
  state: z.looseObject({ terminated: z.looseObject({ exitCode: z.int() }).nullish() }).nullish(),
});

/** The main resource of a `v1` Pod. */
export const podSchema = z.looseObject({
  spec: z.looseObject({ containers: z.array(containerSchema).min(1), ...podSpecShape }),
});

/** `status` of a `v1` Pod. */
export const podStatusSchema = z.looseObject({
  phase: z.enum(['Pending', 'Running', 'Succeeded', 'Failed', 'Unknown']).nullish(),
  reason: text.nullish(),
  message: text.nullish(),
  startTime: text.nullish(),
  containerStatuses: z.array(containerStatus).nullish(),
  initContainerStatuses: z.array(containerStatus).nullish(),
  conditions: z.array(z.looseObject({ type: text, status: text })).nullish(),
});

const replicaStatus = z.looseObject({
  active: count.nullish(),
  succeeded: count.nullish(),
  failed: count.nullish(),
});

/** `status` of the jobs that operators look after, as far as they read it back. */
export const jobStatusSchema = z.looseObject({
  conditions: z.array(z.looseObject({ type: text, status: text })).nullish(),
  startTime: text.nullish(),
  completionTime: text.nullish(),
  active: count.nullish(),
  succeeded: count.nullish(),
  failed: count.nullish(),
  completedIndexes: text.nullish(),
  failedIndexes: text.nullish(),
  replicaStatuses: z.record(text, replicaStatus).nullish(),
});
