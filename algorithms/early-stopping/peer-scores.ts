import { SortedValues } from './sorted-values.ts';

const NOBODY = new SortedValues();

/** Scores of trials by the place (a step, a rung) at which they are compared. */
export class PeerScores {
  readonly #places = new Map<number, SortedValues>();
  readonly #ofTrial = new Map<string, { places: number[]; scores: number[] }>();

  /** The scores at a place; for reading. */
  at(place: number): SortedValues {
    return this.#places.get(place) ?? NOBODY;
  }

  add(trial: string, place: number, score: number): void {
    const values = this.#places.get(place) ?? new SortedValues();
    this.#places.set(place, values);
    values.add(score);
    const own = this.#ofTrial.get(trial) ?? { places: [], scores: [] };
    this.#ofTrial.set(trial, own);
    own.places.push(place);
    own.scores.push(score);
  }

  /** Takes back all scores of the trial. */
  forget(trial: string): void {
    const own = this.#ofTrial.get(trial);
    own?.places.forEach((place, index) => this.#places.get(place)?.remove(own.scores[index] ?? Number.NaN));
    this.#ofTrial.delete(trial);
  }
}
