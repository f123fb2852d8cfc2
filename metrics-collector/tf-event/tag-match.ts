/**
 * Which of `metrics` a tag counts for, when it stands in an event file of `directory`. Katib's rule: the tag begins with
 * the last part of the metric's name, and the directory ends with the part before it, so that `train/accuracy` is the tag
 * `accuracy` (or `accuracy_1`, as TensorFlow numbers repeated names) of `…/train`. Besides, a tag that is a metric's
 * whole name counts for that metric and no other.
 */
export function metricsOfTag(tag: string, directory: string, metrics: readonly string[]): string[] {
  const byRule = metrics.filter((metric) => {
    const { parent, last } = splitName(metric);
    return tag.startsWith(last) && directory.endsWith(parent);
  });
  const exact = byRule.filter((metric) => splitName(metric).last === tag);
  if (exact.length > 0) return exact;
  return metrics.includes(tag) ? [tag] : byRule;
}

function splitName(metric: string): { parent: string; last: string } {
  const slash = metric.lastIndexOf('/');
  return { parent: metric.slice(0, Math.max(slash, 0)), last: metric.slice(slash + 1) };
}
