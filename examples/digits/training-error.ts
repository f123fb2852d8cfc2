/** Something that ends the training and that its message alone explains: a wrong flag, a replica that is gone. */
export class TrainingError extends Error {
  override readonly name = 'TrainingError';
}
