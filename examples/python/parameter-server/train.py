"""Trains a linear model with tf.distribute.ParameterServerStrategy on a TFJob of a chief, workers and a parameter server.

TF_CONFIG tells each process what it is. The parameter server and the workers only serve; the chief hands them steps and
prints the metrics. It ends without telling them: ending a finished job's other processes is the operator's part.
"""

import argparse
import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import numpy as np
import tensorflow as tf

SAMPLES = 256
BATCH = 32
TRUE_WEIGHTS = np.array([[2.0], [-1.0], [0.5]], dtype="float32")
TRUE_BIAS = 0.25


def parse_options():
    parser = argparse.ArgumentParser()
    parser.add_argument("--lr", type=float, default=0.05)
    parser.add_argument("--epochs", type=int, default=10)
    return parser.parse_args()


def make_data():
    """Noisy values of a linear function, so that the best possible loss is 0.01."""
    random = np.random.default_rng(1)
    features = random.normal(size=(SAMPLES, 3)).astype("float32")
    noise = random.normal(scale=0.1, size=(SAMPLES, 1)).astype("float32")
    return features, features @ TRUE_WEIGHTS + TRUE_BIAS + noise


def serve(resolver):
    """Keeps parameters, or computes what the chief asks for, until the process is ended."""
    print(f"{resolver.task_type} {resolver.task_id} serves", flush=True)
    server = tf.distribute.Server(
        resolver.cluster_spec(),
        job_name=resolver.task_type,
        task_index=resolver.task_id,
        protocol="grpc",
        start=True,
    )
    server.join()


def coordinate(resolver, options):
    strategy = tf.distribute.ParameterServerStrategy(resolver)
    coordinator = tf.distribute.coordinator.ClusterCoordinator(strategy)
    features, targets = make_data()
    with strategy.scope():
        weights = tf.Variable(tf.zeros((3, 1)))
        bias = tf.Variable(0.0)
    print(f"the weights are on {weights.device}", flush=True)

    @tf.function
    def train_step(iterator):
        """Runs on one worker: reads the parameters from their server, and applies the gradients there."""

        def on_replica(part, values):
            with tf.GradientTape() as tape:
                loss = tf.reduce_mean((part @ weights + bias - values) ** 2)
            gradients = tape.gradient(loss, [weights, bias])
            weights.assign_sub(options.lr * gradients[0])
            bias.assign_sub(options.lr * gradients[1])
            return loss

        return strategy.run(on_replica, args=next(iterator))

    def make_dataset():
        return tf.data.Dataset.from_tensor_slices((features, targets)).shuffle(SAMPLES, seed=3).repeat().batch(BATCH)

    iterator = iter(coordinator.create_per_worker_dataset(make_dataset))
    for epoch in range(1, options.epochs + 1):
        for _ in range(SAMPLES // BATCH):
            coordinator.schedule(train_step, args=(iterator,))
        coordinator.join()
        loss = np.mean((features @ weights.numpy() + bias.numpy() - targets) ** 2)
        print(f"epoch={epoch} loss={loss:.5f}", flush=True)


def main():
    options = parse_options()
    resolver = tf.distribute.cluster_resolver.TFConfigClusterResolver()
    if resolver.task_type in ("worker", "ps"):
        serve(resolver)
    else:
        coordinate(resolver, options)


if __name__ == "__main__":
    main()
