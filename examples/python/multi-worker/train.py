"""Trains a small network on all workers of a TFJob with tf.distribute.MultiWorkerMirroredStrategy.

The strategy reads TF_CONFIG, connects the workers over gRPC, and averages their gradients in every step. Without
TF_CONFIG it trains alone. Worker 0 prints the metrics.
"""

import argparse
import json
import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import numpy as np
import tensorflow as tf

SAMPLES = 512
BATCHES_PER_EPOCH = 8


def parse_options():
    parser = argparse.ArgumentParser()
    parser.add_argument("--lr", type=float, default=0.05)
    parser.add_argument("--hidden-units", type=int, default=16)
    parser.add_argument("--epochs", type=int, default=10)
    return parser.parse_args()


def make_data():
    """Points of a square, and whether they are inside a circle of half its area."""
    points = np.random.default_rng(1).uniform(-1, 1, (SAMPLES, 2)).astype("float32")
    inside = (np.sum(points**2, axis=1) < 2 / np.pi).astype("float32")
    return points, inside[:, None]


class Network(tf.Module):
    """Two inputs, one hidden layer, one logit."""

    def __init__(self, hidden_units):
        super().__init__()
        # All workers must start from the same weights.
        init = tf.random.Generator.from_seed(7)
        self.w1 = tf.Variable(init.normal((2, hidden_units)))
        self.b1 = tf.Variable(tf.zeros(hidden_units))
        self.w2 = tf.Variable(init.normal((hidden_units, 1)) / hidden_units**0.5)
        self.b2 = tf.Variable(tf.zeros(1))

    def __call__(self, points):
        return tf.tanh(points @ self.w1 + self.b1) @ self.w2 + self.b2


def main():
    options = parse_options()
    # First of all: the strategy has to meet its peers before TensorFlow runs anything.
    strategy = tf.distribute.MultiWorkerMirroredStrategy()
    task = json.loads(os.environ.get("TF_CONFIG", "{}")).get("task", {"type": "worker", "index": 0})
    workers = strategy.num_replicas_in_sync
    print(f"worker {task['index']} of {workers} trains", flush=True)

    points, inside = make_data()
    batch = SAMPLES // BATCHES_PER_EPOCH
    dataset = tf.data.Dataset.from_tensor_slices((points, inside)).shuffle(SAMPLES, seed=3).batch(batch)
    dataset = strategy.experimental_distribute_dataset(dataset)
    with strategy.scope():
        network = Network(options.hidden_units)

    def train_on_part(part, labels):
        """One step on this worker's part of a batch: the loss and the gradients are summed over all workers."""
        with tf.GradientTape() as tape:
            losses = tf.nn.sigmoid_cross_entropy_with_logits(labels, network(part))
            loss = tf.reduce_sum(losses) / batch
        gradients = tape.gradient(loss, network.trainable_variables)
        replicas = tf.distribute.get_replica_context()
        for variable, gradient in zip(
            network.trainable_variables, replicas.all_reduce(tf.distribute.ReduceOp.SUM, gradients)
        ):
            variable.assign_sub(options.lr * gradient)
        return loss

    @tf.function
    def train_step(part, labels):
        losses = strategy.run(train_on_part, args=(part, labels))
        return strategy.reduce(tf.distribute.ReduceOp.SUM, losses, axis=None)

    for epoch in range(1, options.epochs + 1):
        loss = np.mean([train_step(part, labels) for part, labels in dataset])
        accuracy = np.mean((network(points).numpy() > 0) == (inside > 0.5))
        if task["index"] == 0:
            print(f"epoch={epoch} accuracy={accuracy:.4f} loss={loss:.4f}", flush=True)


if __name__ == "__main__":
    main()
