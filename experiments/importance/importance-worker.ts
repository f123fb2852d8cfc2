import { parentPort, workerData } from 'node:worker_threads';
import { carryOut, type ImportanceTask } from './importance-task.ts';

/* A thread that carries out one evaluation and ends: between two of them nothing of it takes memory. */

parentPort?.postMessage(carryOut(workerData as ImportanceTask));
