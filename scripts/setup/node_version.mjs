/** What is wrong with the Node that runs this, and the remedy; undefined if nothing is. */
export function nodeProblem() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return undefined;
  return `Expected Node 20.19 or newer, found ${process.versions.node}. Install it: https://nodejs.org/`;
}
