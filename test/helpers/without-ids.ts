/** The ids of the simulated OpenAI are random; with its clock stopped nothing else of an answer is. */
export function withoutIds(text: string): string {
  return text.replace(/\b([a-z]{2,9}[_-])[0-9a-f]{12,48}\b/g, '$1(id)');
}
