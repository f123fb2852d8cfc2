"""Trains a small network on all processes of a PyTorchJob with DistributedDataParallel over gloo.

RANK, WORLD_SIZE, MASTER_ADDR and MASTER_PORT are where torch.distributed looks for them. Without them it trains alone.
Rank 0 prints the metrics.
"""

import argparse
import os

import torch
import torch.distributed as dist
from torch.nn.parallel import DistributedDataParallel

SAMPLES = 512
BATCH = 32


def parse_options():
    parser = argparse.ArgumentParser()
    parser.add_argument("--lr", type=float, default=0.05)
    parser.add_argument("--momentum", type=float, default=0.5)
    parser.add_argument("--epochs", type=int, default=10)
    return parser.parse_args()


def make_data():
    """Points of a line, and their sine."""
    points = torch.linspace(-3, 3, SAMPLES)[:, None]
    return points, torch.sin(points)


def main():
    options = parse_options()
    torch.set_num_threads(1)  # small matrices: more threads would only wait for each other
    rank = int(os.environ.get("RANK", "0"))
    world_size = int(os.environ.get("WORLD_SIZE", "1"))
    if world_size > 1:
        dist.init_process_group("gloo")
    print(f"rank {rank} of {world_size} trains", flush=True)

    torch.manual_seed(7)
    network = torch.nn.Sequential(torch.nn.Linear(1, 16), torch.nn.Tanh(), torch.nn.Linear(16, 1))
    # Averages the gradients of all processes in every backward pass.
    model = DistributedDataParallel(network) if world_size > 1 else network
    optimizer = torch.optim.SGD(model.parameters(), lr=options.lr, momentum=options.momentum)

    points, values = make_data()
    for epoch in range(1, options.epochs + 1):
        # The same order in all processes, of which each takes its own part.
        order = torch.randperm(SAMPLES, generator=torch.Generator().manual_seed(epoch))
        for batch in order[rank::world_size].split(BATCH // world_size):
            optimizer.zero_grad()
            loss = torch.nn.functional.mse_loss(model(points[batch]), values[batch])
            loss.backward()
            optimizer.step()
        if rank == 0:
            with torch.no_grad():
                loss = torch.nn.functional.mse_loss(network(points), values)
            print(f"epoch={epoch} loss={loss.item():.5f}", flush=True)

    if world_size > 1:
        dist.destroy_process_group()


if __name__ == "__main__":
    main()
