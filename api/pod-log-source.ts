/** Where the output of trials' pods is read: files of this computer, or the API of a cluster. */
export interface PodLogSource {
  /** Line by line, oldest first. Nothing comes for a pod or container that is not known. Ends when aborted. */
  read(query: PodLogQuery): AsyncIterable<PodLogLine>;
}

export interface PodLogQuery {
  namespace: string;
  pod: string;
  container: string;
  /** Go on with what is written later, until the container has ended for good. */
  follow?: boolean | undefined;
  /** Only this many of the lines that are there already; absent means all. */
  tailLines?: number | undefined;
  signal?: AbortSignal | undefined;
}

export interface PodLogLine {
  /** RFC 3339 in milliseconds. */
  time: string;
  stream: 'stdout' | 'stderr';
  text: string;
}
