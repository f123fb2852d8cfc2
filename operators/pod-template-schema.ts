import { z } from 'zod';

/**
 * As much of a pod template as operators read. Everything else in it is the kubelet's business and passes through.
 * Kubernetes takes null for "absent"; so does this.
 */
const containerSchema = z.looseObject({
  name: z.string(),
  image: z.string().nullish(),
  env: z.array(z.looseObject({ name: z.string() })).nullish(),
  ports: z.array(z.looseObject({ name: z.string().nullish(), containerPort: z.int() })).nullish(),
});

export const podTemplateSchema = z.looseObject({
  metadata: z
    .looseObject({
      labels: z.record(z.string(), z.string()).nullish(),
      annotations: z.record(z.string(), z.string()).nullish(),
      finalizers: z.array(z.string()).nullish(),
    })
    .nullish(),
  spec: z
    .looseObject({
      containers: z.array(containerSchema).nullish(),
      initContainers: z.array(containerSchema).nullish(),
      restartPolicy: z.string().nullish(),
    })
    .nullish(),
});
export type PodTemplateDocument = z.infer<typeof podTemplateSchema>;
