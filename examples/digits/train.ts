import { parseCluster, type Cluster } from './network/cluster.ts';
import { parseOptions, type TrainingOptions } from './options.ts';
import { TrainingError } from './training-error.ts';

/*
 * Trains a small network to recognise handwritten digits. Every replica of the job runs this program; TF_CONFIG tells
 * each what it is. Each role is loaded on its own, because a parameter server needs no TensorFlow.
 */

async function main(): Promise<void> {
  const options = parseOptions(process.argv.slice(2), process.env);
  const cluster = parseCluster(process.env['TF_CONFIG']);
  if (cluster) await runReplica(cluster, options);
  else await (await import('./roles/alone.ts')).trainAlone(options);
}

async function runReplica(cluster: Cluster, options: TrainingOptions): Promise<void> {
  switch (cluster.role) {
    case 'chief':
      return (await import('./roles/chief.ts')).runChief(cluster, options);
    case 'worker':
      return (await import('./roles/worker.ts')).runWorker(cluster, options);
    case 'ps':
      return (await import('./roles/parameter-server.ts')).runParameterServer(cluster, options);
  }
}

try {
  await main();
} catch (error) {
  console.error(error instanceof TrainingError ? error.message : error);
  // Open connections would keep the process running; the other replicas end when they see them closed.
  process.exit(1);
}
