// Keeps V8's heaps small, in all threads and for as long as the process lives. Left alone they grow to several times of what is in
// use under the many short-lived objects of a busy service, and keep that memory. Heaps of this size are collected so quickly
// that a trial or a suggestion costs no more time. To be imported before anything large: what the young generation has grown to
// it keeps.
import v8 from 'node:v8';

// By how much the old generation may grow between two full collections. V8 lets a small heap double and more.
v8.setFlagsFromString('--heap-growing-percent=30');
v8.setFlagsFromString('--semi-space-growth-factor=1');
