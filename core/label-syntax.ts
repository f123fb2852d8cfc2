/*
 * The syntax of label keys and values, from apimachinery's validation. The functions answer with what is wrong, or with
 * null where the text is right.
 */

const NAME_PART = /^[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$/;
const DNS_LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const DNS_SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

const MAX_LABEL_LENGTH = 63;
const MAX_SUBDOMAIN_LENGTH = 253;

/** A DNS-1123 subdomain: the name of most objects. */
export function dnsSubdomainProblem(text: string): string | null {
  if (text.length > MAX_SUBDOMAIN_LENGTH) return `must be no more than ${MAX_SUBDOMAIN_LENGTH} characters`;
  if (DNS_SUBDOMAIN.test(text)) return null;
  return "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character";
}

/** A DNS-1123 label: the name of a namespace. */
export function dnsLabelProblem(text: string): string | null {
  if (text.length > MAX_LABEL_LENGTH) return `must be no more than ${MAX_LABEL_LENGTH} characters`;
  if (DNS_LABEL.test(text)) return null;
  return "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character";
}

/** `name` or `prefix/name`: the keys of labels and annotations, and finalizers. */
export function qualifiedNameProblem(text: string): string | null {
  const slash = text.lastIndexOf('/');
  const name = text.slice(slash + 1);
  if (slash >= 0) {
    const prefixProblem = dnsSubdomainProblem(text.slice(0, slash));
    if (prefixProblem) return `prefix part ${prefixProblem}`;
  }
  if (name.length > MAX_LABEL_LENGTH) return `name part must be no more than ${MAX_LABEL_LENGTH} characters`;
  if (NAME_PART.test(name)) return null;
  return "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character";
}

export function labelValueProblem(text: string): string | null {
  if (text.length > MAX_LABEL_LENGTH) return `must be no more than ${MAX_LABEL_LENGTH} characters`;
  if (text === '' || NAME_PART.test(text)) return null;
  return "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character";
}
