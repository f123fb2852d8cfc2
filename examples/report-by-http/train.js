// Pretends to train, and reports after each epoch to the address that the trial was given.
const learningRate = Number(process.argv[2]);
const address = process.env.KATYDID_REPORT_URL;

for (let epoch = 1; epoch <= 5; epoch++) {
  const loss = (Math.log10(learningRate) + 1) ** 2 + 1 / epoch;
  const response = await fetch(address, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ loss, accuracy: 1 / (1 + loss), step: epoch }),
  });
  if (!response.ok) throw new Error(await response.text());
}
