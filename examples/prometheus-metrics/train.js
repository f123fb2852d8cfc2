// Pretends to train, and serves its metrics while it does. A client library of Prometheus writes the same text.
import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

const EPOCHS = 3;
/** Longer than it takes until somebody looks again: the metrics are asked for once a second. */
const EPOCH_MS = 1_500;

const learningRate = Number(process.argv[2]);
let metrics = '';

const server = createServer((request, response) => {
  response.setHeader('content-type', 'text/plain; version=0.0.4');
  response.end(metrics);
});
server.listen(Number(process.env.KATYDID_METRICS_PORT), '127.0.0.1');

for (let epoch = 1; epoch <= EPOCHS; epoch++) {
  const loss = (Math.log10(learningRate) + 1) ** 2 + 1 / epoch;
  metrics = `# TYPE loss gauge
loss{split="train"} ${loss}
loss{split="val"} ${loss * 1.1}
# TYPE epoch gauge
epoch ${epoch}
`;
  await sleep(EPOCH_MS);
}
server.close();
server.closeAllConnections();
