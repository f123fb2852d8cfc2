// Pretends to train a network: prints the loss after each of five epochs.
const [learningRate, dropout, layers] = process.argv.slice(2, 5).map(Number);
const optimizer = process.argv[5];

const bestRate = optimizer === 'sgd' ? -1.2 : Math.log10(0.003);
const handicap = { adam: 0, rmsprop: 0.05, sgd: 0.1 }[optimizer];
const limit =
  0.1 +
  handicap +
  0.1 * (Math.log10(learningRate) - bestRate) ** 2 +
  0.5 * (dropout - 0.2) ** 2 +
  0.02 * (layers - 5) ** 2;
for (let epoch = 1; epoch <= 5; epoch++) {
  const loss = limit + 2 * Math.exp(-2 * epoch);
  console.log(`epoch=${epoch} loss=${loss.toFixed(4)}`);
}
